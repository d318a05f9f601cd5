import Foundation

/// Which feedback a list shows. What is nil does not restrict it.
struct FeedbackFilter: Sendable, Hashable {
  var status: FeedbackStatus?
  var category: FeedbackCategory?
  var storeId: String?
  var memberId: UUID?
  /// Who handles it.
  var assignee: String?
}
