/// What a change did. The numbers are those of `patron.feedback.v1.FeedbackChange`.
enum FeedbackChange: Int16, Sendable, Hashable, CaseIterable {
  /// It was given.
  case submitted = 1
  /// It was given to somebody to handle.
  case assigned = 2
  /// It was closed.
  case resolved = 3
}
