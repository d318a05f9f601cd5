public import Foundation
import Messages
public import PatronAPI
import ServiceKit

extension CommonV1.Money {
  public static func cny(_ minorUnits: Int64) -> CommonV1.Money {
    CommonV1.Money(currencyCode: "CNY", minorUnits: minorUnits)
  }
}

extension LoyaltyV1.PostOrderRequest {
  private static let ids = UUIDv7Generator()

  /// A new receipt with lines of these amounts.
  public static func sample(_ member: UUID, _ amounts: Int64...) -> LoyaltyV1.PostOrderRequest {
    LoyaltyV1.PostOrderRequest(
      requestId: ids.next().text,
      memberId: member.text,
      storeId: "store-1",
      tillId: "till-1",
      receiptNumber: ids.next().text,
      occurredAt: GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: 1_700_000_000)),
      lines: amounts.enumerated().map { index, amount in
        CommonV1.OrderLine(
          productId: "product-\(index)",
          description: "牛奶 1L",
          category: "DAIRY",
          quantityThousandths: 1_000,
          amount: .cny(amount)
        )
      }
    )
  }

  /// The receipt with a coupon.
  public func with(discount: Int64, reservation: UUID) -> LoyaltyV1.PostOrderRequest {
    var request = self
    request.couponDiscounts = [CommonV1.CouponDiscount(couponId: UUID().text, discount: .cny(discount))]
    request.reservationId = reservation.text
    return request
  }
}

extension LoyaltyV1.ReverseOrderRequest {
  private static let ids = UUIDv7Generator()

  /// A new request to take an order back.
  public static func sample(of orderId: String) -> LoyaltyV1.ReverseOrderRequest {
    LoyaltyV1.ReverseOrderRequest(requestId: ids.next().text, key: .orderId(orderId), reason: "damaged")
  }
}

extension LoyaltyV1.PostOrderResponse {
  /// The order's id.
  public var orderId: String { order?.orderId ?? "" }
}
