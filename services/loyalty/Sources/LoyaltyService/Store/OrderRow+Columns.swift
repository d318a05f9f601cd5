import Foundation
import Postgres

extension OrderRow {
  /// The columns that ``read(_:)`` reads, in order, of `orders` outer joined with `reversal`.
  static let columns: SQL = """
    orders.order_id, orders.member_id, orders.payable_minor_units, orders.points_earned, orders.points_redeemed, \
    orders.posted_order, \(ReversalRow.columns)
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> OrderRow {
    OrderRow(
      orderId: try row.next(),
      memberId: try row.next(),
      payable: try row.next(),
      pointsEarned: try row.next(),
      pointsRedeemed: try row.next(),
      encodedOrder: try row.next(),
      reversal: try ReversalRow.read(&row)
    )
  }
}
