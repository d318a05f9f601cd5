/// Reads types out of an encoded `google.protobuf.FileDescriptorProto`. Field numbers are those of `descriptor.proto`.
struct TypeDescriptionReader {
  private(set) var messages: [MessageDescription] = []
  private(set) var enums: [EnumDescription] = []
  private var isProto3 = false

  /// Adds every type that a file declares. Leaves out parts that are not valid.
  mutating func addFile(_ bytes: UnsafeRawBufferPointer) {
    guard let file = WireFields(bytes) else { return }
    isProto3 = file.text(12) == "proto3"
    let package = file.text(2)
    for message in file.contents(4) { addMessage(message, in: package) }
    for enumeration in file.contents(5) { addEnum(enumeration, in: package) }
  }

  private mutating func addMessage(_ bytes: UnsafeRawBufferPointer, in scope: String) {
    guard let message = WireFields(bytes) else { return }
    let fullName = Self.fullName(message, in: scope)
    for nested in message.contents(3) { addMessage(nested, in: fullName) }
    for enumeration in message.contents(4) { addEnum(enumeration, in: fullName) }
    let options = message.contents(7).last.flatMap { WireFields($0) }
    messages.append(
      MessageDescription(
        fullName: fullName,
        fields: message.contents(2).compactMap { field($0) },
        isMapEntry: options?.varint(7) == 1
      )
    )
  }

  private func field(_ bytes: UnsafeRawBufferPointer) -> FieldDescription? {
    guard
      let field = WireFields(bytes),
      let number = field.varint(3).flatMap({ UInt32(exactly: $0) }),
      let kind = field.varint(5).flatMap({ FieldDescription.Kind(rawValue: $0) }),
      let label = field.varint(4)
    else { return nil }
    let name = field.text(1)
    let jsonName = field.text(10)
    let isRepeated = label == 3
    let isInOneof = field.varint(9) != nil
    let isOptional = field.varint(17) == 1
    return FieldDescription(
      name: name,
      jsonName: jsonName.isEmpty ? Self.lowerCamelCase(name) : jsonName,
      number: number,
      kind: kind,
      typeName: String(field.text(6).drop { $0 == "." }),
      isRepeated: isRepeated,
      oneof: isOptional ? nil : field.varint(9).map { Int(truncatingIfNeeded: $0) },
      hasPresence: !isRepeated && (isInOneof || kind == .message || !isProto3)
    )
  }

  private mutating func addEnum(_ bytes: UnsafeRawBufferPointer, in scope: String) {
    guard let enumeration = WireFields(bytes) else { return }
    let values = enumeration.contents(2).compactMap { WireFields($0) }
    enums.append(
      EnumDescription(
        fullName: Self.fullName(enumeration, in: scope),
        values: values.map { (name: $0.text(1), number: Int32(truncatingIfNeeded: $0.varint(2) ?? 0)) }
      )
    )
  }

  private static func fullName(_ declaration: WireFields, in scope: String) -> String {
    let name = declaration.text(1)
    return scope.isEmpty ? name : "\(scope).\(name)"
  }

  /// Returns the JSON name that protoc derives from a proto name: removes underscores and capitalises the letter after
  /// each.
  private static func lowerCamelCase(_ name: String) -> String {
    var result = ""
    var followsUnderscore = false
    for character in name {
      if character != "_" { result += followsUnderscore ? character.uppercased() : String(character) }
      followsUnderscore = character == "_"
    }
    return result
  }
}
