/// A place between two statements of a batch of the ledger, as its connection to PostgreSQL sees it.
struct BatchPlace: Hashable, Sendable, CustomStringConvertible {
  /// The two round trips of a batch.
  enum Part: String, Hashable, Sendable, CaseIterable {
    case reading
    case writing
  }

  var part: Part
  /// Whether statements on their way to PostgreSQL are counted, or its answers on their way back.
  var direction: MessageDirection
  /// How many of them have passed: before statement number `index`, or before its answer. After the last statement comes
  /// the Sync, by which a batch commits; after the last answer comes the word that it has committed.
  var index: Int

  var description: String {
    "\(part.rawValue), before \(direction == .toServer ? "statement" : "answer") \(index + 1)"
  }
}

/// A batch has come to such a place.
struct BatchBoundary: Hashable, Sendable {
  var place: BatchPlace
  /// Whether this is the last place of its part: PostgreSQL is done with it and is about to say so.
  var isLast: Bool
}
