import Foundation

/// Names a request in the register of entries: its id, and the member whose entries have it.
struct RequestKey: Sendable, Hashable {
  var member: UUID
  var requestId: UUID
}
