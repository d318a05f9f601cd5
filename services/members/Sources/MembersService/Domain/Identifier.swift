import Foundation

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

  /// Brings a number to the one form in which it is kept, so that what looks the same is the same: letters with their
  /// accents composed (Unicode's NFC). White space and control characters are refused: they come from scanners and
  /// copying by mistake, and nobody can see them.
  static func canonical(_ number: String) throws(InvalidValue) -> String {
    let isVisible = number.unicodeScalars.allSatisfy { scalar in
      !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
        && scalar.properties.generalCategory != .format
    }
    guard isVisible else {
      throw InvalidValue(.identifierInvalid, "leave out spaces, line breaks and characters that cannot be seen")
    }
    return number.precomposedStringWithCanonicalMapping
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
