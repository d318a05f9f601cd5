/// Where feedback is in its life. The numbers are those of `patron.feedback.v1.FeedbackStatus` and of the table.
enum FeedbackStatus: Int16, Sendable, Hashable, CaseIterable {
  /// Nobody has it yet.
  case open = 1
  /// Somebody handles it.
  case assigned = 2
  /// Closed.
  case resolved = 3
}
