/// What a posting records. The raw value is what the store keeps.
enum PostingType: Int16, Sendable, Hashable, CaseIterable {
  /// A request that moved nothing: the one type whose amount is 0.
  case nothing = 0
  /// Earned, and spendable at once.
  case earn = 1
  /// Spent.
  case redeem = 2
  /// Earned and taken back, because of a return.
  case earnReversal = 3
  /// Spent and given back, because of a return.
  case redeemReversal = 4
  /// Not spent in time.
  case expire = 5
  /// Earned, and spendable later.
  case pend = 6
  /// Pending, and spendable from now on.
  case activate = 7
  /// Pending, and never to be spendable.
  case cancel = 8
  /// Set aside for a spending that is under way.
  case hold = 9
  /// Set aside, and now spent.
  case capture = 10
  /// Set aside, and now spendable again.
  case release = 11
  /// Given or taken by staff.
  case adjust = 12
  /// Given to another member.
  case transferOut = 13
  /// Received from another member.
  case transferIn = 14
  /// Money paid in.
  case deposit = 15
  /// Money paid out.
  case withdraw = 16

  /// Whether what it moves counts as ever earned. What is pending counts when it becomes spendable.
  var countsAsEarned: Bool { self == .earn || self == .activate }

  /// Whether what it moves counts as ever spent. What is held counts when it is captured.
  var countsAsSpent: Bool { self == .redeem || self == .capture }
}
