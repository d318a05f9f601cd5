import MembersProto
import PosProto

extension PosV1.PosMember {
  /// Makes the till's view of a member.
  init(_ member: MembersV1.Member) {
    self.init(
      memberID: member.memberID,
      name: member.name,
      maskedPhone: MaskedPhone.text(member.phone),
      cardNumber: member.cardNumber,
      status: PosV1.PosMemberStatus(member.status)
    )
  }
}

extension PosV1.PosMemberStatus {
  /// Maps a member's status. Unspecified for one unknown to this gateway.
  fileprivate init(_ status: MembersV1.MemberStatus) {
    self =
      switch status {
      case .active: .active
      case .suspended: .suspended
      default: .unspecified
      }
  }
}

/// A phone number without the digits that a till does not need.
enum MaskedPhone {
  /// Returns "+86138****8000" for "+8613800138000": hides the four digits before the last four, or in a short number
  /// all but the last two. Empty for an empty number.
  static func text(_ phone: String) -> String {
    guard !phone.isEmpty else { return "" }
    let shown = phone.utf8.count >= 11 ? 4 : 2
    let beginning = max(0, phone.count - 8)
    let hidden = max(0, phone.count - beginning - shown)
    return phone.prefix(beginning) + String(repeating: "*", count: hidden) + phone.suffix(shown)
  }
}
