import Postgres

/// An order as it was answered when it was posted.
struct PostedOrder: Sendable, Hashable {
  /// The digest of the request that posted it.
  var requestDigest: [UInt8]
  /// The encoded patron.loyalty.v1.Order of the answer.
  var encodedOrder: [UInt8]
  /// The member's balance after it.
  var balancePoints: Int64
}

extension PostedOrder {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = "orders.request_digest, orders.posted_order, orders.balance_points"

  /// Reads the columns; nil if an outer join found no order.
  static func read(_ row: inout RowReader) throws(PostgresError) -> PostedOrder? {
    let (digest, order) = (try row.next([UInt8]?.self), try row.next([UInt8]?.self))
    let balance = try row.next(Int64?.self)
    guard let digest, let order, let balance else { return nil }
    return PostedOrder(requestDigest: digest, encodedOrder: order, balancePoints: balance)
  }
}
