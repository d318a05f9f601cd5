import Basics
import FollowedMembers
import Foundation
import ServiceKit

/// One coupon of one member.
struct Coupon: Sendable, Hashable {
  var couponID: UUID
  var memberID: UUID
  /// The template with its effect.
  var template: CouponTemplate
  var issuedAt: Date
  /// The latest reservation, nil if it was never reserved.
  var hold: Hold?

  /// The part of a coupon's latest reservation that the coupon shows.
  struct Hold: Sendable, Hashable {
    var reservationID: UUID
    var orderID: UUID
    var status: ReservationStatus
    /// When it expires, unless its order has been posted by then.
    var expiresAt: Date
    /// When the reservation was settled.
    var settledAt: Date?
  }

  /// The stage in its life.
  var status: CouponStatus { CouponStatus(reservation: hold?.status) }

  /// Returns the coupon for the rules.
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

/// The stage of a coupon's life, derived from its reservation.
enum CouponStatus: Sendable, Hashable {
  /// The member has it and may use it while it is valid.
  case issued
  /// Held for an order in payment.
  case reserved
  /// Redeemed by a posted order.
  case redeemed

  /// Derives the status from the latest reservation's status, nil if it was never reserved.
  init(reservation: ReservationStatus?) {
    switch reservation {
    case nil, .released, .returned: self = .issued
    case .active, .closing: self = .reserved
    case .redeemed: self = .redeemed
    }
  }
}

/// A member's coupon for the rules: its terms, and whether it is held.
struct HeldCoupon: Sendable, Hashable {
  var couponID: UUID
  var terms: CouponTerms
  /// When the member got it.
  var issuedAt: Date
  /// The earliest usable time by the tills' clocks, which may be behind: not later than `issuedAt`.
  var usableFrom: Date
  /// The stage in its life.
  var status: CouponStatus
}

/// How coupons of suspended members are treated.
public enum SuspendedCoupons: String, Sendable, Hashable, CaseIterable {
  /// Suspended members neither get nor use coupons.
  case refused
  /// Suspended members are treated like others.
  case allowed

  /// Returns whether a member in a standing may get and use coupons.
  func allows(_ standing: MemberStanding) -> Bool {
    switch (standing, self) {
    case (.active, _), (.suspended, .allowed): true
    case (.suspended, .refused): false
    }
  }
}
