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
      WHERE orders.order_id = \(key.orderID)
      """
    )
    return try rows.first.map { try OrderRow($0) }
  }

  /// What came back of an order, first return first.
  func returns(of orderID: UUID) async throws -> [ReturnRow] {
    try await database.query(
      """
      SELECT \(ReturnRow.columns) FROM order_return WHERE order_return.order_id = \(orderID)
      ORDER BY order_return.returned_at, order_return.return_id
      """
    ).map { try ReturnRow($0) }
  }
}

/// How an order is named: by its id, or by the receipt that was printed.
enum OrderKey: Sendable, Hashable {
  case order(UUID)
  case receipt(storeID: String, receiptNumber: String)
}

extension OrderKey {
  /// An expression for the order's id; NULL if a receipt is unknown.
  var orderID: SQL {
    switch self {
    case .order(let orderID): "\(orderID)"
    case .receipt(let storeID, let receiptNumber):
      "(SELECT order_id FROM orders WHERE store_id = \(storeID) AND receipt_number = \(receiptNumber))"
    }
  }
}
