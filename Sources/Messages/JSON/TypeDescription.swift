/// A message type as the JSON mapping uses it.
final class MessageDescription: Sendable {
  /// The full proto name.
  let fullName: String
  /// The fields in the order of their numbers.
  let fields: [FieldDescription]
  /// Whether the type stands for one entry of a map field.
  let isMapEntry: Bool
  /// The JSON form that the type has instead of an object of its fields.
  let wellKnownType: WellKnownType?

  private let positionOfNumber: [UInt32: Int]
  /// Positions by JSON name and by proto name.
  private let positionOfName: [String: Int]

  init(fullName: String, fields: [FieldDescription], isMapEntry: Bool) {
    self.fullName = fullName
    self.fields = fields.sorted { $0.number < $1.number }
    self.isMapEntry = isMapEntry
    wellKnownType = WellKnownType(fullName: fullName)
    positionOfNumber = Dictionary(self.fields.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { $1 })
    let positions = Array(self.fields.enumerated())
    positionOfName = Dictionary(
      positions.map { ($1.jsonName, $0) } + positions.map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Returns the field with a number.
  func field(_ number: UInt32) -> FieldDescription? {
    positionOfNumber[number].map { fields[$0] }
  }

  /// Returns the field with a JSON name or a proto name.
  func field(named name: String) -> FieldDescription? {
    positionOfName[name].map { fields[$0] }
  }
}

/// A field as the JSON mapping uses it.
struct FieldDescription: Sendable {
  /// The types of `google.protobuf.FieldDescriptorProto.Type`.
  enum Kind: UInt64, Sendable {
    case double = 1
    case float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes, uint32, `enum`, sfixed32
    case sfixed64, sint32, sint64
  }

  /// The name in the proto file.
  let name: String
  /// The name in JSON.
  let jsonName: String
  let number: UInt32
  let kind: Kind
  /// The full name of the message or enum type; empty for other fields.
  let typeName: String
  let isRepeated: Bool
  /// The index of the field's oneof. The synthetic oneof of an `optional` field does not count.
  let oneof: Int?
  /// Whether a field with its default differs from one that is not set.
  let hasPresence: Bool

  /// Whether many values can follow a single tag.
  var isPackable: Bool {
    switch kind {
    case .string, .bytes, .message, .group: false
    default: true
    }
  }
}

/// An enum type as the JSON mapping uses it.
final class EnumDescription: Sendable {
  /// The full proto name.
  let fullName: String
  private let nameOfNumber: [Int32: String]
  private let numberOfName: [String: Int32]

  init(fullName: String, values: [(name: String, number: Int32)]) {
    self.fullName = fullName
    nameOfNumber = Dictionary(values.map { ($0.number, $0.name) }, uniquingKeysWith: { first, _ in first })
    numberOfName = Dictionary(values.map { ($0.name, $0.number) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns the name of a value, the first one when it has aliases.
  func name(of number: Int32) -> String? { nameOfNumber[number] }

  /// Returns the value of a name or alias.
  func number(of name: String) -> Int32? { numberOfName[name] }
}
