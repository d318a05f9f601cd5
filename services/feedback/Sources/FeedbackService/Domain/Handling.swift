/// What somebody does with feedback.
enum Handling: Sendable, Hashable {
  /// Gives it to somebody.
  case assign(to: String)
  /// Closes it, saying why.
  case resolve(because: String)

  /// The longest name of somebody who handles feedback, in characters.
  static let assigneeCharactersMaximum = 100
  /// The longest reason for closing feedback, in characters.
  static let resolutionCharactersMaximum = 2_000
}

/// Why nothing can be done with feedback.
enum HandlingRefusal: Error, Sendable, Hashable {
  /// Somebody else changed it since the caller read it.
  case etagMismatch
  /// It is closed.
  case resolved
}
