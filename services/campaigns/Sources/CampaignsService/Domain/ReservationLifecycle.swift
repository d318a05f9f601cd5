/// The life of a reservation as a state machine: it is told what happened and says what is to be done.
///
///     active ──close──▶ closing ──voided──▶ released
///       │                  │
///       └──────posted──────┴──▶ redeemed ──reversed──▶ returned
///
/// The ledger alone decides between redeemed and released, and it is asked only once the reservation is closing. From
/// then on the reservation is not prolonged, so no till is ever given one that the ledger has voided.
struct ReservationLifecycle: Sendable, Hashable {
  private(set) var status: ReservationStatus

  init(_ status: ReservationStatus) {
    self.status = status
  }

  /// What to do when the same order asks for its coupons again.
  enum RepeatAction: Sendable, Hashable {
    /// Hold them longer.
    case prolong
    /// Ask the ledger, settle, and look again.
    case settleFirst
    /// Give the first answer again.
    case answerAgain
    /// Reserve under another reservation.
    case reserveAnew
  }

  /// The same order asks for its coupons again.
  func reserveAgain() -> RepeatAction {
    switch status {
    case .active: .prolong
    case .closing: .settleFirst
    case .redeemed, .returned: .answerAgain
    case .released: .reserveAnew
    }
  }

  /// What to do when somebody wants the reservation's coupons back.
  enum CloseAction: Sendable, Hashable {
    /// Ask the ledger what became of it.
    case askLedger
    /// Nothing: they are free already.
    case alreadyReleased
    /// Nothing: its order was posted.
    case alreadyPosted
  }

  /// The reservation has run out, or its coupons are wanted back.
  mutating func close() -> CloseAction {
    switch status {
    case .active, .closing:
      status = .closing
      return .askLedger
    case .released: return .alreadyReleased
    case .redeemed, .returned: return .alreadyPosted
    }
  }

  /// What the ledger can say of a reservation.
  enum LedgerFact: Sendable, Hashable, CaseIterable {
    /// An order was posted with it.
    case posted
    /// No order was posted with it and none ever can be.
    case voided
    /// Its order was posted, and then reversed or returned in full.
    case reversed
  }

  /// What to do when the ledger has said something.
  enum Transition: Sendable, Hashable {
    /// Nothing: it was known.
    case none
    /// Record the new status and announce that the coupons are used up.
    case redeem
    /// Record the new status and announce that the coupons are free.
    case free
    /// Nothing, but raise the alarm: the ledger contradicts what it said before.
    case contradiction
  }

  /// The ledger says what became of the reservation. Saying it twice changes nothing.
  mutating func learn(_ fact: LedgerFact) -> Transition {
    switch (status, fact) {
    case (.active, .posted), (.closing, .posted):
      status = .redeemed
      return .redeem
    case (.active, .voided), (.closing, .voided):
      status = .released
      return .free
    case (.active, .reversed), (.closing, .reversed), (.redeemed, .reversed):
      status = .returned
      return .free
    case (.redeemed, .posted), (.returned, .posted), (.returned, .reversed), (.released, .voided):
      return .none
    case (.redeemed, .voided), (.returned, .voided), (.released, .posted), (.released, .reversed):
      return .contradiction
    }
  }
}
