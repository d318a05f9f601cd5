import Foundation
import Postgres

/// Posted orders in PostgreSQL, for reading.
struct OrderStore: Sendable {
  let database: Database

  /// An order as it stands; nil if there is none.
  func order(_ key: OrderKey) async throws -> OrderRow? {
    let rows = try await database.query(
      """
      SELECT \(OrderRow.columns) FROM orders LEFT JOIN reversal ON reversal.order_id = orders.order_id
      WHERE orders.order_id = \(key.orderId)
      """
    )
    guard let row = rows.first else { return nil }
    var reader = RowReader(row)
    return try OrderRow.read(&reader)
  }

  /// What came back of an order, first return first.
  func returns(of orderId: UUID) async throws -> [ReturnRow] {
    try await database.query(
      """
      SELECT \(ReturnRow.columns) FROM order_return WHERE order_return.order_id = \(orderId)
      ORDER BY order_return.returned_at, order_return.return_id
      """
    ).map { row in
      var reader = RowReader(row)
      return try ReturnRow.read(&reader)
    }
  }
}
