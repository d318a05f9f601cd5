/// What feedback is about. The numbers are those of `patron.feedback.v1.FeedbackCategory` and of the table.
enum FeedbackCategory: Int16, Sendable, Hashable, CaseIterable {
  /// The goods.
  case productQuality = 1
  /// The staff.
  case service = 2
  /// The store.
  case hygiene = 3
  /// Prices, receipts, points, coupons.
  case billing = 4
  /// Praise and ideas.
  case suggestion = 5
  /// Anything else.
  case other = 6
}
