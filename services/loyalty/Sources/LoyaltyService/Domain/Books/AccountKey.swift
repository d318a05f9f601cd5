import Foundation
import ServiceKit

/// Names what a member has of one asset.
struct AccountKey: Sendable, Hashable {
  var member: UUID
  var asset: AssetID

  /// Word by word, which costs a fraction of byte by byte.
  func hash(into hasher: inout Hasher) {
    hasher.combine(member.high)
    hasher.combine(member.low ^ UInt64(truncatingIfNeeded: asset.rawValue))
  }
}
