import Basics
public import CommonProto
public import Foundation
public import LoyaltyProto
import Messages
import ServiceKit

extension CommonV1.Money {
  public static func cny(_ minorUnits: Int64) -> CommonV1.Money {
    CommonV1.Money(currencyCode: "CNY", minorUnits: minorUnits)
  }
}

extension LoyaltyV1.PostOrderRequest {
  private static let ids = UUIDv7Generator()

  /// Makes a new receipt with lines of these amounts.
  public static func sample(_ member: UUID, _ amounts: Int64...) -> LoyaltyV1.PostOrderRequest {
    LoyaltyV1.PostOrderRequest(
      requestID: ids.next().text,
      memberID: member.text,
      storeID: "store-1",
      tillID: "till-1",
      receiptNumber: ids.next().text,
      occurredAt: GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: 1_700_000_000)),
      lines: amounts.enumerated().map { index, amount in
        CommonV1.OrderLine(
          productID: "product-\(index)",
          description: "牛奶 1L",
          category: "DAIRY",
          quantityThousandths: 1_000,
          amount: .cny(amount)
        )
      }
    )
  }

  /// Returns the receipt with a coupon.
  public func with(discount: Int64, reservation: UUID) -> LoyaltyV1.PostOrderRequest {
    var request = self
    request.couponDiscounts = [CommonV1.CouponDiscount(couponID: UUID().text, discount: .cny(discount))]
    request.reservationID = reservation.text
    return request
  }
}

extension LoyaltyV1.ReverseOrderRequest {
  private static let ids = UUIDv7Generator()

  /// Makes a new request to reverse an order.
  public static func sample(of orderID: String) -> LoyaltyV1.ReverseOrderRequest {
    LoyaltyV1.ReverseOrderRequest(requestID: ids.next().text, key: .orderID(orderID), reason: "damaged")
  }
}

extension LoyaltyV1.PostOrderResponse {
  /// The order's id.
  public var orderID: String { order?.orderID ?? "" }
}
