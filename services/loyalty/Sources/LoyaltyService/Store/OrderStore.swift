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
}
