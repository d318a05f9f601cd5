/// Converts one message from JSON to wire format.
struct JSONReader {
  let options: JSONDecodingOptions
  let types: TypeRegistry
  var scanner: JSONScanner
  private var depth = 0

  init(_ json: [UInt8], options: JSONDecodingOptions, types: TypeRegistry) throws(MessageError) {
    self.options = options
    self.types = types
    scanner = try JSONScanner(json, bytesMaximum: options.bytesMaximum)
  }

  /// Reads all of the JSON.
  ///
  /// - Parameter type: The message's type.
  /// - Returns: The message in wire format.
  mutating func read(_ type: MessageDescription) throws(MessageError) -> [UInt8] {
    let wire = try readMessage(type)
    try scanner.readEnd()
    return wire
  }

  /// Reads a message in the JSON form of its type.
  mutating func readMessage(_ type: MessageDescription) throws(MessageError) -> [UInt8] {
    guard depth <= options.limits.depth else { throw scanner.path.error(.tooDeep) }
    depth += 1
    defer { depth -= 1 }
    if let wellKnownType = type.wellKnownType { return try read(wellKnownType, type) }
    return try readFields(type)
  }

  /// Reads an object whose members are the fields of a message.
  ///
  /// - Parameter isInAny: Whether the object also has a member `@type`, which was read before.
  mutating func readFields(_ type: MessageDescription, isInAny: Bool = false) throws(MessageError) -> [UInt8] {
    var wire: [UInt8] = []
    // Lists: at most all fields of the type, and most types have few.
    var fieldsSeen: [UInt32] = []
    var oneofsSeen: [Int] = []
    try scanner.enterObject()
    var isFirst = true
    while let name = try scanner.nextName(&isFirst) {
      scanner.path.enter(field: name)
      if let field = type.field(named: name) {
        if fieldsSeen.contains(field.number) { throw scanner.path.error(.duplicateField) }
        fieldsSeen.append(field.number)
        if try scanner.kind() == .null, !field.acceptsNull {
          try scanner.readNull()
        } else {
          if let oneof = field.oneof {
            if oneofsSeen.contains(oneof) { throw scanner.path.error(.duplicateField) }
            oneofsSeen.append(oneof)
          }
          try read(field, into: &wire)
        }
      } else if isInAny, name == "@type" {
        _ = try scanner.readString()
      } else {
        try skipUnknown()
      }
      scanner.path.leave()
      try checkSize(wire)
    }
    return wire
  }

  /// Skips a field that the type does not have, or refuses it.
  mutating func skipUnknown() throws(MessageError) {
    guard options.ignoresUnknownFields else { throw scanner.path.error(.unknownField) }
    try skip()
  }

  /// Skips a value.
  mutating func skip() throws(MessageError) {
    try scanner.skipValue(depth: options.limits.depth - depth)
  }

  /// Reads the value of a field of any kind.
  mutating func read(_ field: FieldDescription, into wire: inout [UInt8]) throws(MessageError) {
    if !field.isRepeated {
      // The content of an `Any` is stored in the form written here, so it must equal what the encoder writes.
      if let value = try readValue(field), field.hasPresence || !value.isDefault {
        wire.append(field: field.number, value)
      }
    } else if field.kind == .message, let entry = types.message(field.typeName), entry.isMapEntry {
      try readMap(field, entry, into: &wire)
    } else {
      try readList(field, into: &wire)
    }
  }

  private mutating func readList(_ field: FieldDescription, into wire: inout [UInt8]) throws(MessageError) {
    var packed: [UInt8] = []
    try scanner.enterArray()
    var isFirst = true
    var index = 0
    while try scanner.nextElement(&isFirst) {
      scanner.path.enter(index: index)
      if let value = try readValue(field) {
        if field.isPackable { packed.append(payload: value) } else { wire.append(field: field.number, value) }
      }
      scanner.path.leave()
      index += 1
      try checkSize(wire)
      try checkSize(packed)
    }
    if !packed.isEmpty { wire.append(field: field.number, .bytes(packed)) }
  }

  private mutating func readMap(
    _ field: FieldDescription,
    _ entry: MessageDescription,
    into wire: inout [UInt8]
  ) throws(MessageError) {
    guard let key = entry.field(1), let value = entry.field(2) else { throw scanner.path.error(.unknownType) }
    var keysSeen: Set<WireValue> = []
    try scanner.enterObject()
    var isFirst = true
    var index = 0
    while let name = try scanner.nextName(&isFirst) {
      scanner.path.enter(index: index)
      guard let keyValue = mapKey(key, name) else { throw scanner.path.error(.unexpectedValue) }
      guard keysSeen.insert(keyValue).inserted else { throw scanner.path.error(.duplicateField) }
      if let value = try readValue(value) {
        var content: [UInt8] = []
        content.append(field: 1, keyValue)
        content.append(field: 2, value)
        wire.append(field: field.number, .bytes(content))
      }
      scanner.path.leave()
      index += 1
      try checkSize(wire)
    }
  }

  func checkSize(_ wire: [UInt8]) throws(MessageError) {
    guard wire.count <= options.limits.arenaBytes else { throw scanner.path.error(.tooLarge) }
  }
}

extension FieldDescription {
  /// Whether null is a value of the field. For other fields null means that they are not set.
  var acceptsNull: Bool {
    !isRepeated
      && (kind == .message && typeName == WellKnownType.anyValue
        || kind == .enum && typeName == WellKnownType.nullValue)
  }
}
