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
