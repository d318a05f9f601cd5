import Basics

// The JSON forms of the well-known types: https://protobuf.dev/programming-guides/json

extension JSONReader {
  /// Reads a message of a type with a form of its own.
  mutating func read(_ wellKnownType: WellKnownType, _ type: MessageDescription) throws(MessageError) -> [UInt8] {
    switch wellKnownType {
    case .any: return try readAny()
    case .timestamp: return try readTime(RFC3339.decode)
    case .duration: return try readTime(DurationText.decode)
    case .fieldMask: return try readFieldMask()
    case .value: return try readAnyValue(type)
    case .structure, .listValue, .doubleValue, .floatValue, .int64Value, .uint64Value, .int32Value, .uint32Value,
      .boolValue, .stringValue, .bytesValue:
      // The value of their only field.
      return try readOnly(1, of: type)
    }
  }

  private mutating func readOnly(_ number: UInt32, of type: MessageDescription) throws(MessageError) -> [UInt8] {
    guard let field = type.field(number) else { throw scanner.path.error(.unknownType) }
    var wire: [UInt8] = []
    try read(field, into: &wire)
    return wire
  }

  private mutating func readTime(
    _ decode: (_ text: [UInt8]) -> (seconds: Int64, nanos: Int32)?
  ) throws(MessageError) -> [UInt8] {
    let time = try accepted(decode(Array(try scanner.readString().utf8)))
    var wire: [UInt8] = []
    if time.seconds != 0 { wire.append(field: 1, .varint(UInt64(bitPattern: time.seconds))) }
    if time.nanos != 0 { wire.append(field: 2, .varint(UInt64(bitPattern: Int64(time.nanos)))) }
    return wire
  }

  private mutating func readFieldMask() throws(MessageError) -> [UInt8] {
    let paths = try accepted(FieldMaskText.decode(try scanner.readString()))
    return paths.reduce(into: []) { $0.append(field: 1, .bytes(Array($1.utf8))) }
  }

  /// Reads a `google.protobuf.Value`, which has one field for each kind of JSON value.
  private mutating func readAnyValue(_ type: MessageDescription) throws(MessageError) -> [UInt8] {
    switch try scanner.kind() {
    case .null: try readOnly(1, of: type)
    case .number: try readOnly(2, of: type)
    case .string: try readOnly(3, of: type)
    case .boolean: try readOnly(4, of: type)
    case .object: try readOnly(5, of: type)
    case .array: try readOnly(6, of: type)
    }
  }

  /// Reads a `google.protobuf.Any`. Walks the object twice, because its `@type` may stand anywhere.
  private mutating func readAny() throws(MessageError) -> [UInt8] {
    let start = scanner.position
    guard let typeURL = try findTypeURL() else { return [] }
    scanner.position = start
    guard let type = types.message(typeURL: typeURL) else { throw scanner.path.error(.unknownType) }
    let content = type.wellKnownType != nil ? try readAnyContent(type) : try readFields(type, isInAny: true)
    var wire: [UInt8] = []
    wire.append(field: 1, .bytes(Array(typeURL.utf8)))
    wire.append(field: 2, .bytes(content))
    return wire
  }

  /// Searches the object for the member `@type` and skips the others.
  ///
  /// - Returns: The member's value, or nil when the object is empty.
  private mutating func findTypeURL() throws(MessageError) -> String? {
    var typeURL: String?
    try scanner.enterObject()
    var isFirst = true
    while let name = try scanner.nextName(&isFirst) {
      guard name == "@type" else {
        try skip()
        continue
      }
      guard typeURL == nil else { throw scanner.path.error(.duplicateField) }
      typeURL = try scanner.readString()
    }
    return isFirst ? nil : try accepted(typeURL)
  }

  /// Reads an object with the members `@type` and `value`.
  private mutating func readAnyContent(_ type: MessageDescription) throws(MessageError) -> [UInt8] {
    var content: [UInt8]?
    try scanner.enterObject()
    var isFirst = true
    while let name = try scanner.nextName(&isFirst) {
      scanner.path.enter(field: name)
      switch name {
      case "@type": _ = try scanner.readString()
      case "value":
        guard content == nil else { throw scanner.path.error(.duplicateField) }
        content = try readMessage(type)
      default: try skipUnknown()
      }
      scanner.path.leave()
    }
    return try accepted(content)
  }
}
