import Foundation

/// What a member said, and about what. Never changes.
struct Submission: Sendable, Hashable {
  /// Nil if it was given without a name.
  var memberId: UUID?
  /// Nil if it is about no store.
  var storeId: String?
  /// Nil if it is about no receipt; given only together with the store, in which it is unique.
  var receiptNumber: String?
  var category: FeedbackCategory
  /// The member's own words.
  var text: String
}
