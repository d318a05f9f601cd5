/// What somebody does with feedback.
enum Handling: Sendable, Hashable {
  /// Gives it to somebody.
  case assign(to: String)
  /// Closes it, saying why.
  case resolve(because: String)
}

/// Why nothing can be done with feedback.
enum HandlingRefusal: Error, Sendable, Hashable {
  /// Somebody else changed it since the caller read it.
  case etagMismatch
  /// It is closed.
  case resolved
}
