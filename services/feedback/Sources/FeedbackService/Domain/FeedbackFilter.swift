import Foundation

/// Selects the feedback of a list. Nil does not restrict it.
struct FeedbackFilter: Sendable, Hashable {
  var status: FeedbackStatus?
  var category: FeedbackCategory?
  var storeID: String?
  var memberID: UUID?
  /// Who handles it.
  var assignee: String?
}

/// Selects the feedback of a watch. Nil does not restrict it.
struct WatchFilter: Sendable, Hashable {
  /// Only about this store.
  var storeID: String?
  /// Only of this category.
  var category: FeedbackCategory?
  /// Only of this member.
  var memberID: UUID?

  /// Returns whether the filter admits feedback. It reads only fields that never change, so admitted feedback stays
  /// admitted.
  func admits(_ submission: Submission) -> Bool {
    (storeID == nil || storeID == submission.storeID)
      && (category == nil || category == submission.category)
      && (memberID == nil || memberID == submission.memberID)
  }
}
