import Basics
import Foundation

/// What the reversal of an order, or the return of a part of it, does to a member's points, decided without any I/O.
///
/// Redeemed points are given back first, into the lots they came from, then earned points are taken, as far as the return
/// rule allows on what is there then; what could not be taken is reported. Of points that expired or were cancelled since
/// nothing is taken, unless the rule says so.
struct OrderReversal: Sendable, Hashable {
  /// Points taken from the member.
  var pointsTaken: Int64
  /// Points given back to the member.
  var pointsReturned: Int64
  /// Points that came back with the goods by their share, and were not taken.
  var pointsShort: Int64
  /// What moves, in order.
  var postings: [Posting]
  /// The member's points after it.
  var holding: Holding

  /// Decides it on points as they are now.
  ///
  /// - Parameters:
  ///   - pointsEarned: How many of the points that the order earned are to be taken.
  ///   - pointsLeft: How many of those that the order earned may be taken still.
  ///   - day: The last day of what the order earned, if it is known.
  ///   - id: The order, under which what it earned may still be pending.
  ///   - redeemed: Which lots of those that the order redeemed are to be given back.
  init(
    pointsEarned: Int64,
    pointsLeft: Int64,
    earnedUntil day: Day?,
    orderID id: UUID,
    redeemed: [Lot],
    holding: Holding,
    rule: ReturnRule,
    at time: LedgerTime
  ) throws(LedgerRefusal) {
    var holding = holding
    var postings: [Posting] = []
    pointsReturned = redeemed.reduce(0) { $0 + $1.amount }
    if pointsReturned > 0 {
      postings += try holding.restore(redeemed, from: .redeemed, at: time, rule: rule.restore)
    }
    pointsTaken = 0
    let claimed = min(pointsEarned, pointsLeft)
    if claimed > 0 {
      let taken = holding.returnEarned(claimed, pendingID: id, expiresOn: day, policy: rule.policy, to: .issued)
      postings += taken.postings
      pointsTaken = taken.taken
    }
    pointsShort = pointsEarned - pointsTaken
    self.postings = postings
    self.holding = holding
  }
}
