import ServiceKit

/// Something a member is recognised by. Each belongs to one member.
struct Identifier: Sendable, Hashable {
  /// The kinds of identifiers. The numbers are those of the table `identifier`.
  enum Kind: Int16, Sendable, Hashable, CaseIterable {
    case phone = 1
    case cardNumber = 2
    case wechatOpenid = 3
    case externalID = 4
  }

  /// The kind.
  let kind: Kind
  /// The other system of an external ID, empty for other kinds.
  let source: String
  /// The phone in E.164 form, the number, or the openid.
  let value: String

  /// Makes an identifier from a phone.
  static func phone(_ phone: PhoneNumber) -> Identifier {
    Identifier(kind: .phone, source: "", value: phone.e164)
  }

  /// Makes an identifier from the number on a member's card.
  static func cardNumber(_ number: String) -> Identifier {
    Identifier(kind: .cardNumber, source: "", value: number)
  }

  /// Makes an identifier from the openid in the chain's WeChat mini program.
  static func wechatOpenid(_ openid: String) -> Identifier {
    Identifier(kind: .wechatOpenid, source: "", value: openid)
  }

  /// Makes an identifier from the number in another system.
  static func externalID(_ externalID: ExternalID) -> Identifier {
    Identifier(kind: .externalID, source: externalID.source, value: externalID.value)
  }
}

extension Identifier: Comparable {
  /// Orders by kind, source and value. All transactions claim identifiers in this order, so two claims never wait for
  /// each other.
  static func < (left: Identifier, right: Identifier) -> Bool {
    (left.kind.rawValue, left.source, left.value) < (right.kind.rawValue, right.source, right.value)
  }
}

/// Identifiers that already belong to another member.
struct IdentifiersTaken: Error, Sendable, Hashable {
  /// The identifiers in order, never empty.
  let identifiers: [Identifier]
}

/// A member's number in another system.
struct ExternalID: Sendable, Hashable {
  /// The other system, such as "erp".
  let source: String
  /// The member's number there.
  let value: String

  /// The greatest length of a system's name in characters.
  static let sourceCharactersMaximum = IdentifierForm.externalSource.charactersMaximum

  /// Validates the name of a system: 1 to 40 characters of a-z, 0-9, "-" and "_".
  static func check(source: String) throws(InvalidValue) {
    let isFine = source.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isFine, 1...sourceCharactersMaximum ~= source.utf8.count else {
      throw InvalidValue(
        .identifierInvalid,
        "name the other system in 1 to \(sourceCharactersMaximum) characters of a-z, 0-9, - and _"
      )
    }
  }
}

/// Why a value is invalid: a stable reason for programs and a sentence for people that says what to change.
struct InvalidValue: Error, Sendable, Hashable {
  /// The raw values are told to callers and never change once published.
  enum Reason: String, FieldRefusalReason, Hashable, CaseIterable {
    /// A phone is no number that can be called.
    case phoneInvalid = "PHONE_INVALID"
    /// An identifier is not in its normal form.
    case identifierInvalid = "IDENTIFIER_INVALID"
    /// A member would have nothing to be recognised by.
    case identifierMissing = "IDENTIFIER_MISSING"
    /// A birthday is no day of the calendar, or its year is not one from 1900 to 2100.
    case birthdayInvalid = "BIRTHDAY_INVALID"
  }

  let reason: Reason
  /// What to change. Never contains the value, which may be personal.
  let sentence: String

  init(_ reason: Reason, _ sentence: String) {
    self.reason = reason
    self.sentence = sentence
  }
}
