/// What taking a whole receipt back does to a member's points, decided without any I/O.
///
/// Redeemed points are given back first, into the lots they came from, then earned points are taken, at most as many as
/// the balance then holds: the member never ends below zero, and what could not be taken is reported.
struct OrderReversal: Sendable, Hashable {
  /// Points taken from the member.
  var pointsTaken: Int64
  /// Points given back to the member.
  var pointsReturned: Int64
  /// Points that should have been taken and were not there.
  var pointsShort: Int64
  /// What moves, in order.
  var postings: [Posting]
  /// The member's points after it.
  var holding: Holding

  /// Decides the reversal of an order that earned points, to be spent to the end of a day if that is known, and redeemed
  /// these lots, on points as they are now.
  init(
    pointsEarned: Int64,
    earnedUntil day: Day?,
    redeemed: [Lot],
    holding: Holding,
    at time: LedgerTime
  ) throws(LedgerRefusal) {
    var holding = holding
    var postings: [Posting] = []
    pointsReturned = redeemed.reduce(0) { $0 + $1.amount }
    if pointsReturned > 0 {
      postings += try holding.restore(redeemed, from: .redeemed, at: time, rule: .expireAtOnce)
    }
    pointsTaken = 0
    if pointsEarned > 0 {
      let taken = holding.takeBack(pointsEarned, pendingId: nil, expiresOn: day, policy: .withinBalance, to: .issued)
      postings += taken.postings
      pointsTaken = taken.taken
    }
    pointsShort = pointsEarned - pointsTaken
    self.postings = postings
    self.holding = holding
  }
}
