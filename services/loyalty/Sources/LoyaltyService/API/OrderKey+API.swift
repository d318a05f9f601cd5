import Basics
import PatronAPI
import ServiceKit

extension FieldChecks {
  /// How the caller names an order.
  mutating func orderKey(_ key: LoyaltyV1.GetOrderRequest.OneOfKey?) -> OrderKey {
    switch required("key", key) {
    case .orderID(let orderID): .order(uuid("order_id", orderID))
    case .receipt(let receipt): orderKey(receipt)
    case nil: .order(.zero)
    }
  }

  /// How the caller names the order to take back.
  mutating func orderKey(_ key: LoyaltyV1.ReverseOrderRequest.OneOfKey?) -> OrderKey {
    switch required("key", key) {
    case .orderID(let orderID): .order(uuid("order_id", orderID))
    case .receipt(let receipt): orderKey(receipt)
    case nil: .order(.zero)
    }
  }

  /// How the caller names the order of which goods come back.
  mutating func orderKey(_ key: LoyaltyV1.PostReturnRequest.OneOfKey?) -> OrderKey {
    switch required("key", key) {
    case .orderID(let orderID): .order(uuid("order_id", orderID))
    case .receipt(let receipt): orderKey(receipt)
    case nil: .order(.zero)
    }
  }

  private mutating func orderKey(_ receipt: LoyaltyV1.Receipt) -> OrderKey {
    .receipt(
      storeID: identifier("receipt.store_id", receipt.storeID, .store),
      receiptNumber: identifier("receipt.receipt_number", receipt.receiptNumber, .receipt)
    )
  }
}
