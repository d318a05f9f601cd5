import Foundation

/// One movement between two accounts. It has one amount, so it balances by construction.
struct Posting: Sendable, Hashable {
  /// What it records.
  var type: PostingType
  /// The account that gives.
  var from: PostingAccount
  /// The account that receives.
  var to: PostingAccount
  /// How much moves; more than 0, unless it records `nothing`.
  var amount: Int64
  /// What the member can spend after it.
  var available: Int64
  /// The slices that it took out of, or put into, the member's lots, in the order in which lots are spent, one per key.
  ///
  /// They add up to `amount`, unless a debt is part of it: what arrives in `available` pays the debt first, and what
  /// a return takes beyond the lots becomes debt. The rest, `amount - Σ lots`, is then what the debt changed by.
  var lots: [Lot]
  /// The hold or the pending lot that it is about.
  var reference: UUID?

  /// What it changed of what the member can spend.
  var availableChange: Int64 { (to == .available ? amount : 0) - (from == .available ? amount : 0) }

  /// How much of it is bonus.
  var bonusAmount: Int64 { lots.reduce(0) { $1.isBonus ? $0 + $1.amount : $0 } }
}

extension Posting {
  /// What a request leaves in the register of request ids when it moves nothing.
  static func nothing(available: Int64) -> Posting {
    Posting(type: .nothing, from: .available, to: .available, amount: 0, available: available, lots: [])
  }
}

/// What a posting records. The raw value is what is stored.
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

/// The accounts between which an asset moves. The raw value is what is stored.
enum PostingAccount: Int16, Sendable, Hashable, CaseIterable {
  /// What the member can spend now. Below zero only after returns, as far as the programme allows.
  case available = 1
  /// What the programme gives out and takes back: minus all of it.
  case issued = 2
  /// What members have spent.
  case redeemed = 3
  /// The member's own, not yet spendable.
  case pending = 4
  /// The member's own, set aside for a spending that is under way.
  case held = 5
  /// Breakage: what expired before it was spent.
  case expired = 6
  /// What staff give and take by hand.
  case compensation = 7
  /// Money that members have paid in.
  case storedValueFloat = 8
  /// What the programme adds to money paid in.
  case giftBonus = 9
  /// What is on its way between two members: zero in sum, always.
  case transfer = 10

  /// Whether it is one of a member's own accounts, and not the programme's.
  var isMembers: Bool {
    switch self {
    case .available, .pending, .held: true
    case .issued, .redeemed, .expired, .compensation, .storedValueFloat, .giftBonus, .transfer: false
    }
  }
}
