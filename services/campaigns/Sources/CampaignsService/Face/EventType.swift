/// The types of campaigns' events, as the event log keeps them beside the events.
enum EventType {
  static let couponTemplateCreated = "coupon_template_created"
  static let couponIssued = "coupon_issued"
  static let couponsRedeemed = "coupons_redeemed"
  static let couponsReleased = "coupons_released"
}
