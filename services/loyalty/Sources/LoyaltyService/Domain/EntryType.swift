/// What an entry records. It decides which account gives and which receives. The raw value is what the store keeps.
enum EntryType: Int16, Sendable, Hashable, CaseIterable {
  /// Points earned by a receipt.
  case earn = 1
  /// Points spent on a receipt.
  case redeem = 2
  /// Earned points taken back because the receipt was reversed.
  case earnReversal = 3
  /// Redeemed points given back because the receipt was reversed.
  case redeemReversal = 4

  /// The account that gives the points.
  var from: LedgerAccount {
    switch self {
    case .earn: .issued
    case .redeemReversal: .redeemed
    case .redeem, .earnReversal: .member
    }
  }

  /// The account that receives the points.
  var to: LedgerAccount {
    switch self {
    case .earn, .redeemReversal: .member
    case .redeem: .redeemed
    case .earnReversal: .issued
    }
  }

  /// The programme's account on the other side of the member's.
  var counterAccount: LedgerAccount { from == .member ? to : from }

  /// Whether the member receives the points.
  var addsToMember: Bool { to == .member }
}
