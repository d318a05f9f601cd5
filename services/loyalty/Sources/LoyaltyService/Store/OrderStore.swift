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
    guard let row = rows.first else { return nil }
    var reader = RowReader(row)
    return try OrderRow.read(&reader)
  }

  /// What came back of an order, first return first.
  func returns(of orderID: UUID) async throws -> [ReturnRow] {
    try await database.query(
      """
      SELECT \(ReturnRow.columns) FROM order_return WHERE order_return.order_id = \(orderID)
      ORDER BY order_return.returned_at, order_return.return_id
      """
    ).map { row in
      var reader = RowReader(row)
      return try ReturnRow.read(&reader)
    }
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

extension PostedOrder {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = "orders.request_digest, orders.posted_order, orders.balance_points"

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> PostedOrder {
    PostedOrder(requestDigest: try row.next(), encodedOrder: try row.next(), balancePoints: try row.next())
  }
}
