/// The part of a member's record that members and staff can change.
struct Profile: Sendable, Hashable {
  /// The name as the member writes it, may be empty.
  var name = ""
  var phone: PhoneNumber?
  var cardNumber: String?
  var wechatOpenid: String?
  /// The external IDs, at most one per source, in the order of the sources.
  var externalIDs: [ExternalID] = []
  var gender = Gender.unspecified
  var birthday: Birthday?
  var status = MemberStatus.active
  /// The chain's own fields.
  var attributes: [String: String] = [:]

  /// All identifiers in the order in which they are claimed.
  var identifiers: [Identifier] {
    var found: [Identifier] = []
    if let phone { found.append(.phone(phone)) }
    if let cardNumber { found.append(.cardNumber(cardNumber)) }
    if let wechatOpenid { found.append(.wechatOpenid(wechatOpenid)) }
    found += externalIDs.map(Identifier.externalID)
    return found.sorted()
  }

  /// Throws when the profile has no identifier.
  func checkIdentifiable() throws(InvalidValue) {
    guard !identifiers.isEmpty else {
      throw InvalidValue(
        .identifierMissing,
        "give at least one of phone, card_number, wechat_openid and external_ids: a member without any is never found"
      )
    }
  }

  /// Copies the named fields from another profile.
  mutating func take(_ fields: Set<ProfileField>, from other: Profile) {
    for field in fields {
      switch field {
      case .name: name = other.name
      case .phone: phone = other.phone
      case .cardNumber: cardNumber = other.cardNumber
      case .wechatOpenid: wechatOpenid = other.wechatOpenid
      case .externalIDs: externalIDs = other.externalIDs
      case .gender: gender = other.gender
      case .birthday: birthday = other.birthday
      case .status: status = other.status
      case .attributes: attributes = other.attributes
      }
    }
  }
}

/// A field that an update may name in its mask. The raw values are the paths of `UpdateMemberRequest.update_mask`.
enum ProfileField: String, Sendable, Hashable, CaseIterable {
  case name
  case phone
  case cardNumber = "card_number"
  case wechatOpenid = "wechat_openid"
  case externalIDs = "external_ids"
  case gender
  case birthday
  case status
  case attributes
}
