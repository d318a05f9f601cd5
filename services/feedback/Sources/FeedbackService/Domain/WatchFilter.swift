import Foundation

/// Which feedback a screen wants to see.
struct WatchFilter: Sendable, Hashable {
  /// Only about this store, if given.
  var storeId: String?
  /// Only about this, if given.
  var category: FeedbackCategory?
  /// Only of this member, if given.
  var memberId: UUID?

  /// Whether feedback belongs on the screen. None of what is looked at ever changes, so feedback that was on the screen
  /// stays on it.
  func admits(_ submission: Submission) -> Bool {
    (storeId == nil || storeId == submission.storeId)
      && (category == nil || category == submission.category)
      && (memberId == nil || memberId == submission.memberId)
  }
}
