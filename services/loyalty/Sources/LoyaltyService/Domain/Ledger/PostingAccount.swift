/// The accounts between which an asset moves. The raw value is what the store keeps.
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
