/// What follows from the failure of an attempt.
enum AttemptDecision: Sendable, Equatable {
  /// The call ends as the attempt did.
  case end
  /// Other attempts run; one of them decides.
  case wait
  case repeatNow
  case repeatAfter(Duration)
}
