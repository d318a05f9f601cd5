import Foundation
import ServiceKit

/// One coupon of one member.
struct Coupon: Sendable, Hashable {
  var couponID: UUID
  var memberID: UUID
  /// What it does.
  var template: CouponTemplate
  var issuedAt: Date
  /// The reservation that it points to, if it was ever reserved.
  var hold: Hold?

  /// A coupon's latest reservation, as far as the coupon shows it.
  struct Hold: Sendable, Hashable {
    var reservationID: UUID
    var orderID: UUID
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
      couponID: couponID,
      terms: template.terms,
      issuedAt: issuedAt,
      usableFrom: issuedAt + (.zero - clockBehindMaximum),
      status: status
    )
  }
}

/// Where a coupon is in its life. It follows from the reservation that the coupon points to, if it points to one.
enum CouponStatus: Sendable, Hashable {
  /// The member has it and may use it while it is valid.
  case issued
  /// Held for an order that is being paid.
  case reserved
  /// Used up by a posted order.
  case redeemed

  /// The status of a coupon whose latest reservation is in this status; nil if it was never reserved.
  init(reservation: ReservationStatus?) {
    switch reservation {
    case nil, .released, .returned: self = .issued
    case .active, .closing: self = .reserved
    case .redeemed: self = .redeemed
    }
  }
}

/// A member's coupon as the rules see it: its terms, and whether something holds it.
struct HeldCoupon: Sendable, Hashable {
  var couponID: UUID
  var terms: CouponTerms
  /// Since when the member has it.
  var issuedAt: Date
  /// From when on it can be used by the tills' clocks, which may be behind: not later than `issuedAt`.
  var usableFrom: Date
  /// Where it is in its life.
  var status: CouponStatus
}

/// What becomes of the coupons of members who are suspended.
public enum SuspendedCoupons: String, Sendable, Hashable, CaseIterable {
  /// They are given none and may use none.
  case refused
  /// They are treated as everybody else.
  case allowed

  /// Whether a member in a standing is given coupons and may use them.
  func allows(_ standing: MemberStanding) -> Bool {
    switch (standing, self) {
    case (.active, _), (.suspended, .allowed): true
    case (.suspended, .refused): false
    }
  }
}
