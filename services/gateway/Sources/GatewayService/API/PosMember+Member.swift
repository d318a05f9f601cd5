import PatronAPI

extension PosV1.PosMember {
  /// What a till may see of a member.
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
  /// What a till may do for a member in a status; unspecified for one that this gateway does not know.
  fileprivate init(_ status: MembersV1.MemberStatus) {
    self =
      switch status {
      case .active: .active
      case .suspended: .suspended
      default: .unspecified
      }
  }
}

/// A phone number with the digits hidden that a till has no need to see.
enum MaskedPhone {
  /// "+86138****8000" of "+8613800138000": the four digits before the last four are hidden, in a short number all but
  /// the last two. Empty of an empty number.
  static func text(_ phone: String) -> String {
    guard !phone.isEmpty else { return "" }
    let shown = phone.utf8.count >= 11 ? 4 : 2
    let beginning = max(0, phone.count - 8)
    let hidden = max(0, phone.count - beginning - shown)
    return phone.prefix(beginning) + String(repeating: "*", count: hidden) + phone.suffix(shown)
  }
}
