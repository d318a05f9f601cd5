import MembersProto
import ServiceKit

/// Each of these reads a field. It records what is wrong with it, and then returns nil or a harmless value.
extension FieldChecks {
  /// Reads a domain value that validates itself.
  mutating func value<Value>(_ field: String, _ read: () throws(InvalidValue) -> Value) -> Value? {
    do {
      return try read()
    } catch {
      refuse(field, reason: error.reason, error.sentence)
      return nil
    }
  }

  /// Reads a phone number. Returns nil when there is none.
  mutating func phone(_ field: String, _ text: String) -> PhoneNumber? {
    guard !text.isEmpty else { return nil }
    guard text.unicodeScalars.count <= ContractLimits.phone.upperBound else {
      _ = self.text(field, text, ContractLimits.phone)
      return nil
    }
    return value(field) { () throws(InvalidValue) in try PhoneNumber(parsing: text) }
  }

  /// Reads an identifying number. Returns nil when there is none.
  mutating func number(_ field: String, _ text: String, _ form: IdentifierForm) -> String? {
    text.isEmpty ? nil : identifier(field, text, form)
  }

  /// Reads a member's number in another system.
  mutating func externalID(_ field: String, _ externalID: MembersV1.ExternalID) -> ExternalID? {
    let source: String? = value("\(field).source") { () throws(InvalidValue) in
      try ExternalID.check(source: externalID.source)
      return externalID.source
    }
    if externalID.value.isEmpty { refuse("\(field).value", reason: .required, "fill this field in") }
    let value = number("\(field).value", externalID.value, .externalID)
    guard let source, let value else { return nil }
    return ExternalID(source: source, value: value)
  }

  /// Reads a member's numbers in other systems, at most one per system, in the order of the systems.
  mutating func externalIDs(_ field: String, _ externalIDs: [MembersV1.ExternalID]) -> [ExternalID] {
    count(field, externalIDs.count, ContractLimits.externalIDs)
    var found: [ExternalID] = []
    for (index, externalID) in externalIDs.prefix(ContractLimits.externalIDs.upperBound).enumerated() {
      guard let read = self.externalID("\(field)[\(index)]", externalID) else { continue }
      check(
        !found.contains { $0.source == read.source },
        "\(field)[\(index)].source",
        reason: .duplicate,
        "give one number per system"
      )
      found.append(read)
    }
    return found.sorted { $0.source < $1.source }
  }

  /// Reads a birthday. Returns nil when there is none.
  mutating func birthday(_ field: String, _ birthday: MembersV1.Birthday?) -> Birthday? {
    guard let birthday else { return nil }
    return value(field) { () throws(InvalidValue) in
      try Birthday(year: Int(birthday.year), month: Int(birthday.month), day: Int(birthday.day))
    }
  }

  /// Reads how a member wishes to be addressed.
  mutating func gender(_ field: String, _ gender: MembersV1.Gender) -> Gender {
    let rawValue = choice(field, gender.rawValue, among: Gender.allCases.map { Int32($0.rawValue) })
    return Gender(rawValue: Int16(truncatingIfNeeded: rawValue)) ?? .unspecified
  }

  /// Reads a member's standing.
  mutating func status(_ field: String, _ status: MembersV1.MemberStatus) -> MemberStatus {
    let rawValue = choice(field, status.rawValue, among: MemberStatus.allCases.map { Int32($0.rawValue) })
    return MemberStatus(rawValue: Int16(truncatingIfNeeded: rawValue)) ?? .active
  }
}
