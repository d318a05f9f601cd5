import Basics
import Foundation
import LoyaltyProto
import PosProto
import ServiceKit

/// How a till identifies a sale.
enum SaleKey: Sendable {
  /// By the order's ID.
  case order(String)
  /// By its receipt.
  case receipt(PosV1.ReceiptKey)

  /// The key for reversing an order in loyalty.
  var reversing: LoyaltyV1.ReverseOrderRequest.OneOfKey {
    switch self {
    case .order(let orderID): .orderID(orderID)
    case .receipt(let receipt): .receipt(receipt.ofLoyalty)
    }
  }

  /// The key for returning goods in loyalty.
  var returning: LoyaltyV1.PostReturnRequest.OneOfKey {
    switch self {
    case .order(let orderID): .orderID(orderID)
    case .receipt(let receipt): .receipt(receipt.ofLoyalty)
    }
  }
}

extension PosV1.ReceiptKey {
  fileprivate var ofLoyalty: LoyaltyV1.Receipt {
    LoyaltyV1.Receipt(storeID: storeID, receiptNumber: receiptNumber)
  }
}

extension FieldChecks {
  /// Reads how a till identifies a sale: the `oneof` called `key`.
  mutating func saleKey(_ key: SaleKey?) -> SaleKey {
    switch key {
    case .order(let orderID): return .order(uuid("order_id", orderID).text)
    case .receipt(let receipt):
      return .receipt(
        PosV1.ReceiptKey(
          storeID: identifier("receipt.store_id", receipt.storeID, .store),
          receiptNumber: identifier("receipt.receipt_number", receipt.receiptNumber, .receipt)
        )
      )
    case nil:
      refuse("key", reason: .required, "give one of order_id and receipt")
      return .order("")
    }
  }
}

extension UUID {
  /// Returns the request ID for opening the account of `member` on behalf of this request: the same for the same two,
  /// of version 7, and with this ID's time.
  func openingAccount(of member: UUID) -> UUID {
    // The time and the version stay. The random bits of both IDs and a constant of our own determine the rest.
    let constant: UInt64 = 0x5061_7472_6F6E_4F41
    let low = (self.low ^ member.low ^ constant) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return UUID(high: high ^ (member.high & 0x0FFF), low: low)
  }
}
