import Synchronization

/// What a replay has counted so far, from many households at once.
final class ReplayTally: Sendable {
  /// The sums.
  struct Sums: Sendable {
    /// Receipts whose checkout was answered.
    var checkouts = 0
    /// Coupons issued.
    var couponsIssued = 0
    /// Coupons redeemed by the answered checkouts.
    var couponsRedeemed = 0
    /// What those coupons took off, in cents.
    var couponsOffCents: Int64 = 0
    /// Members that were found to be in order.
    var members = 0
    /// Receipts found in the members' histories.
    var receipts = 0
    /// What was paid for them, in cents.
    var spentCents: Int64 = 0
    /// Points found in the ledger for them.
    var pointsEarned: Int64 = 0
    /// Everything that does not add up.
    var mismatches: [String] = []
  }

  private let state = Mutex(Sums())

  /// The sums now.
  var sums: Sums { state.withLock { $0 } }

  /// Adds something to the sums.
  func add(_ change: (inout Sums) -> Void) {
    state.withLock { change(&$0) }
  }
}
