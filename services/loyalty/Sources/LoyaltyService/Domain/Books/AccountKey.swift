import Foundation

/// Names what a member has of one asset.
struct AccountKey: Sendable, Hashable {
  var member: UUID
  var asset: AssetID
}
