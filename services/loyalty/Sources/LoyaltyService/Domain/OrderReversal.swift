/// What taking a whole receipt back does to the ledger, decided without any I/O.
///
/// Redeemed points are given back first, then earned points are taken, at most as many as the balance then holds: the
/// member never ends below zero, and what could not be taken is reported.
struct OrderReversal: Sendable, Hashable {
  /// Points taken from the member.
  var pointsTaken: Int64
  /// Points given back to the member.
  var pointsReturned: Int64
  /// Points that should have been taken and were not there.
  var pointsShort: Int64
  /// The entries, in the order in which they apply: none, one or two.
  var entries: [LedgerEntry]
  /// The account after them.
  var account: Account

  /// Decides the reversal of an order that earned and redeemed these points, on an account as it is now.
  init(pointsEarned: Int64, pointsRedeemed: Int64, account: Account) throws(PostingRefusal) {
    var account = account
    let returned = try account.move(pointsRedeemed, as: .redeemReversal)
    pointsReturned = pointsRedeemed
    pointsTaken = min(pointsEarned, account.balancePoints)
    pointsShort = pointsEarned - pointsTaken
    let taken = try account.move(pointsTaken, as: .earnReversal)
    entries = [returned, taken].compactMap(\.self)
    self.account = account
  }
}
