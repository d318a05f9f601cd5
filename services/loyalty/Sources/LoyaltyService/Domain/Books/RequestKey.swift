import Foundation
import ServiceKit

/// Names a request in the register of entries: its id, and the member whose entries have it.
struct RequestKey: Sendable, Hashable {
  var member: UUID
  var requestId: UUID

  /// Word by word, which costs a fraction of byte by byte; ids alone differ as a rule.
  func hash(into hasher: inout Hasher) {
    hasher.combine(requestId.high)
    hasher.combine(requestId.low)
  }
}
