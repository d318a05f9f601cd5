import ServiceKit

/// What becomes of the coupons of members who are suspended.
public enum SuspendedCoupons: String, Sendable, Hashable, CaseIterable {
  /// They are given none and may use none.
  case refused
  /// They are treated as everybody else.
  case allowed

  /// Whether a member in a standing is given coupons and may use them.
  func allows(_ standing: MemberStanding) -> Bool {
    switch (standing, self) {
    case (.active, _), (.suspended, .allowed): true
    case (.suspended, .refused): false
    }
  }
}
