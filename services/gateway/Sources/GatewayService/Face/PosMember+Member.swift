internal import PatronAPI

extension PosV1.PosMember {
  /// What a till may see of a member.
  init(_ member: MembersV1.Member) {
    self.init(
      memberId: member.memberId,
      name: member.name,
      maskedPhone: MaskedPhone.text(member.phone),
      cardNumber: member.cardNumber
    )
  }
}
