/// Something a member is recognised by. Each belongs to one member.
struct Identifier: Sendable, Hashable {
  /// The kinds of identifiers. The numbers are those of the table `identifier`.
  enum Kind: Int16, Sendable, Hashable, CaseIterable {
    case phone = 1
    case cardNumber = 2
    case wechatOpenid = 3
    case externalId = 4
  }

  /// What kind it is.
  let kind: Kind
  /// The other system, for an external id; empty otherwise.
  let source: String
  /// The phone in E.164 form, the number, the openid.
  let value: String

  /// A phone.
  static func phone(_ phone: PhoneNumber) -> Identifier {
    Identifier(kind: .phone, source: "", value: phone.e164)
  }

  /// The number on a member's card.
  static func cardNumber(_ number: String) -> Identifier {
    Identifier(kind: .cardNumber, source: "", value: number)
  }

  /// The openid in the chain's WeChat mini program.
  static func wechatOpenid(_ openid: String) -> Identifier {
    Identifier(kind: .wechatOpenid, source: "", value: openid)
  }

  /// The number in another system.
  static func externalId(_ externalId: ExternalId) -> Identifier {
    Identifier(kind: .externalId, source: externalId.source, value: externalId.value)
  }
}

extension Identifier: Comparable {
  /// By kind, source and value: the order in which identifiers are claimed, the same for everybody, so that two claims
  /// never wait for each other.
  static func < (left: Identifier, right: Identifier) -> Bool {
    (left.kind.rawValue, left.source, left.value) < (right.kind.rawValue, right.source, right.value)
  }
}

/// Identifiers that already belong to somebody else.
struct IdentifiersTaken: Error, Sendable, Hashable {
  /// In order; never empty.
  let identifiers: [Identifier]
}
