import Foundation
import Postgres

/// An order as it is stored, with its reversal if it was taken back.
struct OrderRow: Sendable, Hashable {
  var orderId: UUID
  var memberId: UUID
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// The encoded patron.loyalty.v1.Order as it was when it was posted.
  var encodedOrder: [UInt8]
  var reversal: ReversalRow?
}

extension OrderRow {
  /// The columns that ``read(_:)`` reads, in order, of `orders` outer joined with `reversal`.
  static let columns: SQL = """
    orders.order_id, orders.member_id, orders.points_earned, orders.points_redeemed, orders.posted_order, \
    \(ReversalRow.columns)
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> OrderRow {
    OrderRow(
      orderId: try row.next(),
      memberId: try row.next(),
      pointsEarned: try row.next(),
      pointsRedeemed: try row.next(),
      encodedOrder: try row.next(),
      reversal: try ReversalRow.read(&row)
    )
  }
}
