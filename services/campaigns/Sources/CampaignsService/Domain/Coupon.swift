import Foundation

/// One coupon of one member.
struct Coupon: Sendable, Hashable {
  var couponId: UUID
  var memberId: UUID
  /// What it does.
  var template: CouponTemplate
  var issuedAt: Date
  /// The reservation that it points to, if it was ever reserved.
  var hold: Hold?

  /// A coupon's latest reservation, as far as the coupon shows it.
  struct Hold: Sendable, Hashable {
    var reservationId: UUID
    var orderId: UUID
    var status: ReservationStatus
    /// When it runs out, unless its order has been posted by then.
    var expiresAt: Date
    /// When the reservation's fate was settled.
    var settledAt: Date?
  }

  /// Where it is in its life.
  var status: CouponStatus { CouponStatus(reservation: hold?.status) }

  /// The coupon as the rules see it.
  ///
  /// - Parameter clockBehindMaximum: How far a till's clock may be behind.
  func held(clockBehindMaximum: Duration) -> HeldCoupon {
    HeldCoupon(
      couponId: couponId,
      terms: template.terms,
      issuedAt: issuedAt,
      usableFrom: issuedAt + (.zero - clockBehindMaximum),
      status: status
    )
  }
}
