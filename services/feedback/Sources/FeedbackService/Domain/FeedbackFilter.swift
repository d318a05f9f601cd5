import Foundation

/// Which feedback a list shows. What is nil does not restrict it.
struct FeedbackFilter: Sendable, Hashable {
  var status: FeedbackStatus?
  var category: FeedbackCategory?
  var storeID: String?
  var memberID: UUID?
  /// Who handles it.
  var assignee: String?
}

/// Which feedback a screen wants to see.
struct WatchFilter: Sendable, Hashable {
  /// Only about this store, if given.
  var storeID: String?
  /// Only about this, if given.
  var category: FeedbackCategory?
  /// Only of this member, if given.
  var memberID: UUID?

  /// Whether feedback belongs on the screen. None of what is looked at ever changes, so feedback that was on the screen
  /// stays on it.
  func admits(_ submission: Submission) -> Bool {
    (storeID == nil || storeID == submission.storeID)
      && (category == nil || category == submission.category)
      && (memberID == nil || memberID == submission.memberID)
  }
}
