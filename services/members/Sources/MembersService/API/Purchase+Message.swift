import Basics
import CommonProto
import MembersProto
import Messages
import ServiceKit

extension Purchase {
  /// The purchase as a message of the API.
  var message: MembersV1.Purchase {
    MembersV1.Purchase(
      orderID: orderID.text,
      storeID: storeID,
      receiptNumber: receiptNumber,
      purchasedAt: GoogleProtobuf.Timestamp(date: purchasedAt),
      paid: money(paidMinorUnits),
      pointsEarned: pointsEarned,
      pointsRedeemed: pointsRedeemed,
      lines: lines.map { line in
        CommonV1.OrderLine(
          productID: line.productID,
          description: line.description,
          category: line.category,
          quantityThousandths: line.quantityThousandths,
          amount: money(line.amountMinorUnits)
        )
      },
      reversedAt: reversedAt.map { GoogleProtobuf.Timestamp(date: $0) },
      refunded: money(refundedMinorUnits),
      net: money(paidMinorUnits - refundedMinorUnits),
      returnedLines: lines.enumerated().compactMap { number, line in
        guard line.returnedMinorUnits > 0 || line.returnedQuantityThousandths > 0 else { return nil }
        return MembersV1.ReturnedLine(
          line: Int32(clamping: number),
          quantityThousandths: line.returnedQuantityThousandths,
          amount: money(line.returnedMinorUnits)
        )
      },
      returnedAt: returnedAt.map { GoogleProtobuf.Timestamp(date: $0) }
    )
  }

  private func money(_ minorUnits: Int64) -> CommonV1.Money {
    CommonV1.Money(currencyCode: currencyCode, minorUnits: minorUnits)
  }
}

extension PurchaseTotals {
  /// The totals as a message of the API.
  var message: MembersV1.PurchaseTotals {
    MembersV1.PurchaseTotals(
      purchaseCount: purchaseCount,
      spent: money(spentMinorUnits),
      lastPurchaseAt: lastPurchaseAt.map { GoogleProtobuf.Timestamp(date: $0) },
      paid: money(paidMinorUnits),
      refunded: money(refundedMinorUnits),
      returnedPurchaseCount: returnedPurchaseCount
    )
  }

  private func money(_ minorUnits: Int64) -> CommonV1.Money? {
    currencyCode.map { CommonV1.Money(currencyCode: $0, minorUnits: minorUnits) }
  }
}
