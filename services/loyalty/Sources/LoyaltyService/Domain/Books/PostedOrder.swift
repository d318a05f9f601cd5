/// An order as it was answered when it was posted.
struct PostedOrder: Sendable, Hashable {
  /// The digest of the request that posted it.
  var requestDigest: [UInt8]
  /// The encoded patron.loyalty.v1.Order of the answer.
  var encodedOrder: [UInt8]
  /// The member's balance after it.
  var balancePoints: Int64
}
