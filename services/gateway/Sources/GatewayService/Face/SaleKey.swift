internal import PatronAPI
internal import ServiceKit

/// How a till names a sale.
enum SaleKey: Sendable {
  /// By the order's id.
  case order(String)
  /// By its receipt.
  case receipt(PosV1.ReceiptKey)

  /// As loyalty takes it to reverse an order.
  var reversing: LoyaltyV1.ReverseOrderRequest.OneOfKey {
    switch self {
    case .order(let orderID): .orderId(orderID)
    case .receipt(let receipt): .receipt(receipt.ofLoyalty)
    }
  }

  /// As loyalty takes it to take goods back.
  var returning: LoyaltyV1.PostReturnRequest.OneOfKey {
    switch self {
    case .order(let orderID): .orderId(orderID)
    case .receipt(let receipt): .receipt(receipt.ofLoyalty)
    }
  }
}

extension PosV1.ReceiptKey {
  fileprivate var ofLoyalty: LoyaltyV1.Receipt {
    LoyaltyV1.Receipt(storeId: storeId, receiptNumber: receiptNumber)
  }
}

extension FieldChecks {
  /// Checks how a till names a sale: the `oneof` called `key`.
  mutating func saleKey(_ key: SaleKey?) -> SaleKey {
    switch key {
    case .order(let orderID): return .order(uuid("order_id", orderID).text)
    case .receipt(let receipt):
      return .receipt(
        PosV1.ReceiptKey(
          storeId: identifier("receipt.store_id", receipt.storeId, .store),
          receiptNumber: identifier("receipt.receipt_number", receipt.receiptNumber, .receipt)
        )
      )
    case nil:
      refuse("key", reason: "REQUIRED", "give one of order_id and receipt")
      return .order("")
    }
  }
}
