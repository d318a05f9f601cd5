import Foundation

/// What coupons of one kind do.
struct CouponTemplate: Sendable, Hashable {
  var templateId: UUID
  /// The chain's own code of it, unique.
  var code: String
  /// What members see.
  var title: String
  /// When its coupons may be used and what they then do.
  var terms: CouponTerms
  var createdAt: Date
}
