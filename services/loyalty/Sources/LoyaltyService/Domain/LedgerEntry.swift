/// One posting pair: so many points from one account to another. It balances by construction, for it has one amount.
struct LedgerEntry: Sendable, Hashable {
  /// Its place in the member's account: 1, 2, 3 and so on, without gaps.
  var number: Int64
  /// What it records, and so the two accounts.
  var type: EntryType
  /// How many points move; more than 0.
  var points: Int64
  /// The member's balance after it.
  var balancePoints: Int64

  /// Points added to the member's account; negative if taken from it.
  var memberPoints: Int64 { type.addsToMember ? points : -points }
}
