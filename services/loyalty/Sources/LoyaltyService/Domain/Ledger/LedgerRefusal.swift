/// Why a holding does not allow an operation. Carries how far off it was, so that a till can say it.
enum LedgerRefusal: Error, Sendable, Hashable {
  /// The member can spend less than is needed.
  case insufficient(available: Int64, needed: Int64)
  /// The member can spend so much, and less of it can be paid out: the rest is bonus.
  case bonusNotRefundable(refundable: Int64, needed: Int64)
  /// A sum does not fit into 64 bits.
  case tooLarge
  /// There is no such hold: it was captured, released, or ran out.
  case holdNotFound
  /// There is such a hold already.
  case holdExists
  /// The hold has less than is to be captured.
  case holdTooSmall(held: Int64, asked: Int64)
  /// The member has as many holds as are allowed.
  case tooManyHolds(allowed: Int)
  /// There is no such pending lot: it was activated, cancelled, or taken back.
  case pendingNotFound
  /// There is such a pending lot already.
  case pendingExists
  /// The member has as many pending lots as are allowed.
  case tooManyPending(allowed: Int)
  /// More is to be given back than was ever spent.
  case moreThanSpent(spent: Int64, asked: Int64)
}
