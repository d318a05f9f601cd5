/// The life of a reservation as a state machine: events in, actions out.
///
///     active ──close──▶ closing ──voided──▶ released
///       │                  │
///       └──────posted──────┴──▶ redeemed ──reversed──▶ returned
///
/// The ledger alone decides between redeemed and released, and is asked only once the reservation is closing. From then
/// on the reservation is not prolonged, so no till ever gets one that the ledger has voided.
struct ReservationLifecycle: Sendable, Hashable {
  private(set) var status: ReservationStatus

  init(_ status: ReservationStatus) {
    self.status = status
  }

  /// The action when the same order reserves its coupons again.
  enum RepeatAction: Sendable, Hashable {
    /// Prolong the reservation.
    case prolong
    /// Ask the ledger, settle, and try again.
    case settleFirst
    /// Return the first answer again.
    case answerAgain
    /// Make another reservation.
    case reserveAnew
  }

  /// Handles another request to reserve for the same order.
  func reserveAgain() -> RepeatAction {
    switch status {
    case .active: .prolong
    case .closing: .settleFirst
    case .redeemed, .returned: .answerAgain
    case .released: .reserveAnew
    }
  }

  /// The action when the reservation's coupons are to be released.
  enum CloseAction: Sendable, Hashable {
    /// Ask the ledger for its outcome.
    case askLedger
    /// Nothing, because they are free already.
    case alreadyReleased
    /// Nothing, because its order was posted.
    case alreadyPosted
  }

  /// Closes the reservation, because it expired or its coupons are to be released.
  mutating func close() -> CloseAction {
    switch status {
    case .active, .closing:
      status = .closing
      return .askLedger
    case .released: return .alreadyReleased
    case .redeemed, .returned: return .alreadyPosted
    }
  }

  /// The ledger's facts about a reservation.
  enum LedgerFact: Sendable, Hashable, CaseIterable {
    /// An order was posted with it.
    case posted
    /// No order was posted with it, and none ever can be.
    case voided
    /// Its order was posted, and then reversed or returned in full.
    case reversed
  }

  /// The action for a fact of the ledger.
  enum Transition: Sendable, Hashable {
    /// Nothing, because it was known.
    case none
    /// Store the new status and announce that the coupons are redeemed.
    case redeem
    /// Store the new status and announce that the coupons are free.
    case free
    /// Nothing but an alarm, because the ledger contradicts an earlier fact.
    case contradiction
  }

  /// Applies a fact of the ledger. Repeating it changes nothing.
  mutating func apply(_ fact: LedgerFact) -> Transition {
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
