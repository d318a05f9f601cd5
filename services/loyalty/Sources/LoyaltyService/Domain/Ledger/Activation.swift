/// What makes a pending lot spendable.
enum Activation: Sendable, Hashable {
  /// An instant: it is spendable from then on.
  case at(Instant)
  /// Somebody says so, whenever that is.
  case onEvent

  /// When time alone makes the lot spendable; never if an event does.
  var instant: Instant {
    switch self {
    case .at(let instant): instant
    case .onEvent: .never
    }
  }
}
