/// A member's points account as a value: entries are applied to it, one after the other.
///
/// At all times `balancePoints == lifetimePointsEarned - lifetimePointsRedeemed`, and none of the three is negative.
struct Account: Sendable, Hashable {
  /// Points that can be spent now.
  var balancePoints: Int64 = 0
  /// All points ever earned, reversed ones left out.
  var lifetimePointsEarned: Int64 = 0
  /// All points ever redeemed, returned ones left out.
  var lifetimePointsRedeemed: Int64 = 0
  /// The number of the latest entry; 0 if there is none.
  var lastEntryNumber: Int64 = 0

  /// Moves points between the member and the programme and returns the entry; nothing for zero points.
  mutating func move(_ points: Int64, as type: EntryType) throws(PostingRefusal) -> LedgerEntry? {
    precondition(points >= 0, "an entry's amount is never negative")
    guard points > 0 else { return nil }
    var next = self
    switch type {
    case .earn:
      next.lifetimePointsEarned = try Self.sum(lifetimePointsEarned, points)
    case .redeem:
      guard balancePoints >= points else { throw .insufficientPoints(balance: balancePoints, needed: points) }
      next.lifetimePointsRedeemed = try Self.sum(lifetimePointsRedeemed, points)
    case .earnReversal:
      guard balancePoints >= points else { throw .insufficientPoints(balance: balancePoints, needed: points) }
      next.lifetimePointsEarned -= points
    case .redeemReversal:
      precondition(points <= lifetimePointsRedeemed, "more points returned than were ever redeemed")
      next.lifetimePointsRedeemed -= points
    }
    next.balancePoints = next.lifetimePointsEarned - next.lifetimePointsRedeemed
    next.lastEntryNumber = lastEntryNumber + 1
    self = next
    return LedgerEntry(number: lastEntryNumber, type: type, points: points, balancePoints: balancePoints)
  }

  private static func sum(_ left: Int64, _ right: Int64) throws(PostingRefusal) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow else { throw .tooLarge(.balance) }
    return sum
  }
}
