import Messages
import PatronAPI
import ServiceKit

extension Purchase {
  /// The purchase as callers see it.
  var message: MembersV1.Purchase {
    MembersV1.Purchase(
      orderId: orderId.text,
      storeId: storeId,
      receiptNumber: receiptNumber,
      purchasedAt: GoogleProtobuf.Timestamp(date: purchasedAt),
      paid: CommonV1.Money(currencyCode: currencyCode, minorUnits: paidMinorUnits),
      pointsEarned: pointsEarned,
      pointsRedeemed: pointsRedeemed,
      lines: lines.map { line in
        CommonV1.OrderLine(
          productId: line.productId,
          description: line.description,
          category: line.category,
          quantityThousandths: line.quantityThousandths,
          amount: CommonV1.Money(currencyCode: currencyCode, minorUnits: line.amountMinorUnits)
        )
      },
      reversedAt: reversedAt.map { GoogleProtobuf.Timestamp(date: $0) }
    )
  }
}

extension PurchaseTotals {
  /// The totals as callers see them.
  var message: MembersV1.PurchaseTotals {
    MembersV1.PurchaseTotals(
      purchaseCount: purchaseCount,
      spent: currencyCode.map { CommonV1.Money(currencyCode: $0, minorUnits: spentMinorUnits) },
      lastPurchaseAt: lastPurchaseAt.map { GoogleProtobuf.Timestamp(date: $0) }
    )
  }
}
