import SwiftProtobufPluginLibrary

/// How proto names become Swift names.
enum SwiftNames {
  /// `patron.members.v1` becomes `MembersV1`, `google.protobuf` becomes `GoogleProtobuf`.
  static func namespace(ofPackage package: String) -> String {
    var components = package.split(separator: ".")
    if components.count > 1, components.first == "patron" { components.removeFirst() }
    return components.map { upperCamel(String($0)) }.joined()
  }

  /// The Swift file of a proto file: `patron.members.v1.members.swift`. The files of a module must differ in their own
  /// names, not only in their folders.
  static func sourceFile(of file: FileDescriptor) -> String {
    let stem = file.name.hasSuffix(".proto") ? file.name.dropLast(6) : file.name[...]
    return "\(stem.split(separator: "/").joined(separator: ".")).swift"
  }

  /// The own name of a message or enum type.
  static func type(_ name: String) -> String {
    reservedTypes.contains(name) ? "\(name)Message" : withInitialisms(name)
  }

  /// The name of a message with everything around it: `MembersV1.Member.Address`.
  static func qualified(_ message: Descriptor) -> String {
    let scope = message.containingType.map(qualified) ?? namespace(ofPackage: message.file.package)
    return "\(scope).\(type(message.name))"
  }

  /// The name of an enum with everything around it.
  static func qualified(_ enumeration: EnumDescriptor) -> String {
    let scope = enumeration.containingType.map(qualified) ?? namespace(ofPackage: enumeration.file.package)
    return "\(scope).\(type(enumeration.name))"
  }

  /// A property: `card_number` becomes `cardNumber`.
  static func property(_ name: String) -> String {
    escaped(lowerCamel(name))
  }

  /// A method: `GetMember` becomes `getMember`.
  static func method(_ name: String) -> String {
    escaped(lowercasedFirst(withInitialisms(name)))
  }

  /// The enum of a oneof: `kind` becomes `OneOfKind`.
  static func oneof(_ name: String) -> String {
    "OneOf\(upperCamel(name))"
  }

  /// An enum value without the prefix that every value of the enum has: `MEMBER_STATUS_ACTIVE` becomes `active`.
  static func enumValue(_ value: EnumValueDescriptor) -> String {
    let prefix = upperSnake(value.enumType.name) + "_"
    var name = value.name
    if name.hasPrefix(prefix), name.count > prefix.count { name.removeFirst(prefix.count) }
    if name.first?.isNumber ?? false { name = "value_\(name)" }
    return escaped(lowerCamel(name.lowercased()))
  }

  /// `MemberStatus` becomes `MEMBER_STATUS`.
  static func upperSnake(_ name: String) -> String {
    var result = ""
    var previous: Character?
    for (offset, character) in name.enumerated() {
      let index = name.index(name.startIndex, offsetBy: offset)
      let next = name.index(after: index) < name.endIndex ? name[name.index(after: index)] : nil
      let startsWord =
        character.isUppercase
        && (previous.map { !$0.isUppercase } ?? false
          || (previous?.isUppercase ?? false) && (next?.isLowercase ?? false))
      if startsWord { result += "_" }
      result += character.uppercased()
      previous = character
    }
    return result
  }

  /// `member_id` becomes `MemberID`.
  static func upperCamel(_ name: String) -> String {
    name.split(separator: "_").map(capitalized).joined()
  }

  /// `member_id` becomes `memberID`.
  static func lowerCamel(_ name: String) -> String {
    let words = name.split(separator: "_")
    return (words.prefix(1).map(lowercasedFirst) + words.dropFirst().map(capitalized)).joined()
  }

  /// One word of a name, as Swift writes it (swift.org, API Design Guidelines, "Follow case conventions").
  private static func capitalized(_ word: Substring) -> String {
    switch word {
    case "id": "ID"
    case "ids": "IDs"
    default: word.prefix(1).uppercased() + word.dropFirst()
    }
  }

  /// `ExternalId` becomes `ExternalID`.
  private static func withInitialisms(_ name: String) -> String {
    name.replacing(/([a-z0-9])Id(s?)(?=[A-Z]|$)/) { "\($0.1)ID\($0.2)" }
  }

  private static func lowercasedFirst(_ name: some StringProtocol) -> String {
    name.prefix(1).lowercased() + name.dropFirst()
  }

  private static func escaped(_ name: String) -> String {
    if reservedMembers.contains(name) { return "\(name)_" }
    return keywords.contains(name) ? "`\(name)`" : name
  }

  /// Names that even backticks do not free, and members that every message has.
  private static let reservedMembers: Set = [
    "self", "Self", "Type", "Protocol", "unknownFields", "messageType", "hashValue",
  ]

  private static let keywords =
    swiftKeywordsUsedInDeclarations
    .union(swiftKeywordsUsedInStatements)
    .union(swiftKeywordsUsedInExpressionsAndTypes)

  /// Names of types that generated code uses; a message of the same name would hide them.
  private static let reservedTypes = swiftCommonTypes.union([
    "Any", "Self", "Type", "Protocol", "Error", "Array", "Dictionary", "Optional", "Result", "UInt8", "Never",
    "Message", "MessageType", "MessageError", "Arena", "UnknownFields", "Indirect", "OpenEnum", "FileDescriptors",
    "TypeRegistry",
    "Hashable", "Sendable", "UnsafeRawPointer", "UnsafeMutableRawPointer", "StaticString",
  ])
}
