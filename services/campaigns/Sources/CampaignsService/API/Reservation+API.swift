import Basics
import CampaignsProto
import CommonProto
import Foundation
import Messages
import ServiceKit

extension CampaignsV1.Reservation {
  /// Makes the message of a reservation. A closing one still holds its coupons.
  init(_ reservation: Reservation) {
    self.init(
      reservationID: reservation.reservationID.text,
      orderID: reservation.orderID.text,
      memberID: reservation.memberID.text,
      discounts: reservation.discounts.map { discount in
        CommonV1.CouponDiscount(
          couponID: discount.couponID.text,
          discount: CommonV1.Money(currencyCode: reservation.currencyCode, minorUnits: discount.minorUnits)
        )
      },
      status: CampaignsV1.ReservationStatus(reservation.status),
      expiresAt: GoogleProtobuf.Timestamp(date: reservation.expiresAt)
    )
  }
}

extension CampaignsV1.ReservationStatus {
  init(_ status: ReservationStatus) {
    switch status {
    case .active, .closing: self = .active
    case .redeemed: self = .redeemed
    case .released: self = .released
    case .returned: self = .returned
    }
  }
}
