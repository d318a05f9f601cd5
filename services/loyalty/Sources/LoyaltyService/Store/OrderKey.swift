import Foundation
import Postgres

/// How an order is named: by its id, or by the receipt that was printed.
enum OrderKey: Sendable, Hashable {
  case order(UUID)
  case receipt(storeId: String, receiptNumber: String)
}

extension OrderKey {
  /// An expression for the order's id; NULL if a receipt is unknown.
  var orderId: SQL {
    switch self {
    case .order(let orderId): "\(orderId)"
    case .receipt(let storeId, let receiptNumber):
      "(SELECT order_id FROM orders WHERE store_id = \(storeId) AND receipt_number = \(receiptNumber))"
    }
  }
}
