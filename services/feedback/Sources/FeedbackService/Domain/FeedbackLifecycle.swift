/// The life of feedback as a state machine: steps in, actions out.
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

  /// A requested step.
  enum Step: Sendable, Hashable, CaseIterable {
    /// Assign it to somebody.
    case assign
    /// Close it.
    case resolve
  }

  /// The action for a step.
  enum Action: Sendable, Hashable {
    /// Store the step and announce the change.
    case record(FeedbackChange)
    /// Refuse, because it is closed, which is final.
    case refuseResolved
  }

  /// Takes a step if it is allowed.
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

/// The kind of a change. The numbers are those of `patron.feedback.v1.FeedbackChange`.
enum FeedbackChange: Int16, Sendable, Hashable, CaseIterable {
  /// The feedback was given.
  case submitted = 1
  /// The feedback was assigned.
  case assigned = 2
  /// The feedback was closed.
  case resolved = 3
}
