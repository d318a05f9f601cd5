import Postgres

extension PostedOrder {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = "orders.request_digest, orders.posted_order, orders.balance_points"

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> PostedOrder {
    PostedOrder(requestDigest: try row.next(), encodedOrder: try row.next(), balancePoints: try row.next())
  }
}
