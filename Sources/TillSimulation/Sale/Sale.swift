import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
package import PosProto
import ServiceKit

/// A sale as a till knows it, whomever it tells.
package struct Sale: Sendable {
  /// One line of the receipt.
  struct Line: Sendable {
    var product: Int
    var minorUnits: Int64
  }

  /// Becomes the order's id.
  var requestID: UUID
  var memberNumber: Int
  var memberID: String
  var store: Int
  var till: Int
  var receiptNumber: String
  var occurredAtUnixMicroseconds: Int64
  var lines: [Line]
  var currencyCode: String
  var pointsToRedeem: Int64 = 0
  var couponIDs: [String] = []

  /// The sum of the lines.
  var grossMinorUnits: Int64 { lines.reduce(0) { $0 + $1.minorUnits } }

  /// Makes the last line dearer if the sale is worth less than `minorUnits`.
  mutating func ensureGross(_ minorUnits: Int64) {
    lines[lines.count - 1].minorUnits += max(0, minorUnits - grossMinorUnits)
  }

  fileprivate var orderLines: [CommonV1.OrderLine] {
    lines.map { line in
      CommonV1.OrderLine(
        productID: String(line.product),
        quantityThousandths: 1_000,
        amount: CommonV1.Money(currencyCode: currencyCode, minorUnits: line.minorUnits)
      )
    }
  }
}

extension LoyaltyV1.PostOrderRequest {
  /// Asks the points service to post a sale.
  init(_ sale: Sale) {
    self.init(
      requestID: sale.requestID.text,
      memberID: sale.memberID,
      storeID: "store-\(sale.store)",
      tillID: "till-\(sale.till)",
      receiptNumber: sale.receiptNumber,
      occurredAt: GoogleProtobuf.Timestamp(unixMicroseconds: sale.occurredAtUnixMicroseconds),
      lines: sale.orderLines,
      pointsToRedeem: sale.pointsToRedeem
    )
  }
}

extension PosV1.CheckoutRequest {
  /// Asks the gateway to post a sale.
  package init(_ sale: Sale) {
    self.init(
      requestID: sale.requestID.text,
      memberID: sale.memberID,
      storeID: "store-\(sale.store)",
      tillID: "till-\(sale.till)",
      receiptNumber: sale.receiptNumber,
      occurredAt: GoogleProtobuf.Timestamp(unixMicroseconds: sale.occurredAtUnixMicroseconds),
      lines: sale.orderLines,
      couponIDs: sale.couponIDs,
      pointsToRedeem: sale.pointsToRedeem
    )
  }
}
