internal import PatronAPI

extension PosV1.PosMember {
  /// What a till may see of a member.
  init(_ member: MembersV1.Member) {
    self.init(
      memberId: member.memberId,
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
