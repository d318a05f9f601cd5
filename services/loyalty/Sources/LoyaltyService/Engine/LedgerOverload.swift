/// The ledger has more to do than it takes: nothing was done, and the caller may come back.
struct LedgerOverload: Error, Sendable, Hashable {
  enum Cause: Sendable, Hashable {
    /// As many requests as are allowed wait in the member's lane.
    case laneIsFull(limit: Int)
    /// The request waited too long for its turn.
    case waitedTooLong(limit: Duration)
  }

  var cause: Cause
  /// When the caller may come back.
  var retryAfter: Duration
}
