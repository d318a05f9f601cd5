/// The life of feedback as a state machine: it is told what somebody wants and says what is to be done.
///
///     open ──assign──▶ assigned ──resolve──▶ resolved
///       │               │    ▲                  ▲
///       │               └────┘ assign           │
///       └───────────────────resolve─────────────┘
struct FeedbackLifecycle: Sendable, Hashable {
  private(set) var status: FeedbackStatus

  init(_ status: FeedbackStatus) {
    self.status = status
  }

  /// What somebody wants done.
  enum Step: Sendable, Hashable, CaseIterable {
    /// Give it to somebody.
    case assign
    /// Close it.
    case resolve
  }

  /// What is to be done.
  enum Action: Sendable, Hashable {
    /// Record the step and announce the change.
    case record(FeedbackChange)
    /// Nothing: it is closed, and stays so.
    case refuseResolved
  }

  /// Takes a step, if it can be taken.
  mutating func take(_ step: Step) -> Action {
    switch (status, step) {
    case (.open, .assign), (.assigned, .assign):
      status = .assigned
      return .record(.assigned)
    case (.open, .resolve), (.assigned, .resolve):
      status = .resolved
      return .record(.resolved)
    case (.resolved, .assign), (.resolved, .resolve):
      return .refuseResolved
    }
  }
}

/// What a change did. The numbers are those of `patron.feedback.v1.FeedbackChange`.
enum FeedbackChange: Int16, Sendable, Hashable, CaseIterable {
  /// It was given.
  case submitted = 1
  /// It was given to somebody to handle.
  case assigned = 2
  /// It was closed.
  case resolved = 3
}
