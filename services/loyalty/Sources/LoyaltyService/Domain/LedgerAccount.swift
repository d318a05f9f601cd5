/// The accounts between which points move. The raw value is what the store keeps.
enum LedgerAccount: Int16, Sendable, Hashable, CaseIterable {
  /// The member's own account. Never below zero.
  case member = 1
  /// The programme's account that points are issued from: minus what it has given out.
  case issued = 2
  /// The programme's account that redeemed points go to.
  case redeemed = 3

  /// The account's name in the API.
  var name: String {
    switch self {
    case .member: "member"
    case .issued: "issued"
    case .redeemed: "redeemed"
    }
  }
}
