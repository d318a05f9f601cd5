import Basics

/// Converts one message from wire format to JSON.
struct JSONWriter {
  let options: JSONEncodingOptions
  let types: TypeRegistry

  /// The JSON written so far.
  var json: [UInt8] = []
  var path = JSONPath()
  private var depth = 0

  init(options: JSONEncodingOptions, types: TypeRegistry) {
    self.options = options
    self.types = types
  }

  /// Writes a message in the JSON form of its type.
  ///
  /// - Parameters:
  ///   - type: The message's type.
  ///   - bytes: The message in wire format.
  mutating func write(_ type: MessageDescription, _ bytes: UnsafeRawBufferPointer) throws(MessageError) {
    guard depth <= options.depth else { throw path.error(.tooDeep) }
    depth += 1
    defer { depth -= 1 }
    guard let wire = WireFields(bytes) else { throw path.error(.malformed) }
    let values = FieldValues(wire, type: type)
    if let wellKnownType = type.wellKnownType {
      try write(wellKnownType, type, values)
    } else {
      json.append(json: "{")
      var isFirst = true
      try writeFields(type, values, isFirst: &isFirst)
      json.append(json: "}")
    }
    try checkSize()
  }

  /// Writes a message's fields without the braces around them.
  mutating func writeFields(
    _ type: MessageDescription,
    _ values: FieldValues,
    isFirst: inout Bool
  ) throws(MessageError) {
    for field in type.fields where isWritten(field, values[field]) {
      let name = options.keepsProtoNames ? field.name : field.jsonName
      if !isFirst { json.append(json: ",") }
      isFirst = false
      json.append(quoted: name.utf8)
      json.append(json: ":")
      path.enter(field: name)
      try write(field, values[field])
      path.leave()
    }
  }

  private func isWritten(_ field: FieldDescription, _ payloads: [WireFields.Payload]) -> Bool {
    if field.kind == .group { return false }
    if field.hasPresence || field.isRepeated && !options.writesDefaultValues { return !payloads.isEmpty }
    return options.writesDefaultValues || payloads.last.map { !$0.isDefault } ?? false
  }

  /// Writes the value of a field of any kind.
  mutating func write(_ field: FieldDescription, _ payloads: [WireFields.Payload]) throws(MessageError) {
    if !field.isRepeated {
      try writeValue(field, payloads)
    } else if let entry = mapEntry(field) {
      try writeMap(entry, payloads)
    } else {
      try writeList(field, payloads)
    }
  }

  private func mapEntry(_ field: FieldDescription) -> MessageDescription? {
    guard field.kind == .message, let type = types.message(field.typeName), type.isMapEntry else { return nil }
    return type
  }

  private mutating func writeList(_ field: FieldDescription, _ payloads: [WireFields.Payload]) throws(MessageError) {
    json.append(json: "[")
    for (index, payload) in payloads.enumerated() {
      if index > 0 { json.append(json: ",") }
      path.enter(index: index)
      try writeValue(field, [payload])
      path.leave()
    }
    json.append(json: "]")
  }

  /// Writes a map. The last of several entries with the same key wins.
  private mutating func writeMap(_ type: MessageDescription, _ payloads: [WireFields.Payload]) throws(MessageError) {
    guard let key = type.field(1), let value = type.field(2) else { throw path.error(.unknownType) }
    var entries: [(key: [UInt8], values: [WireFields.Payload])] = []
    var positionOfKey: [[UInt8]: Int] = [:]
    for (index, payload) in payloads.enumerated() {
      guard let content = payload.content, let wire = WireFields(content) else { throw path.error(.malformed) }
      let fields = FieldValues(wire, type: type)
      path.enter(index: index)
      let text = try keyText(key, fields[key].last ?? key.defaultPayload)
      path.leave()
      if let position = positionOfKey[text] {
        entries[position].values = fields[value]
      } else {
        positionOfKey[text] = entries.count
        entries.append((text, fields[value]))
      }
    }
    json.append(json: "{")
    for (index, entry) in entries.enumerated() {
      if index > 0 { json.append(json: ",") }
      json += entry.key
      json.append(json: ":")
      path.enter(index: index)
      try writeValue(value, entry.values)
      path.leave()
    }
    json.append(json: "}")
  }

  private func keyText(_ key: FieldDescription, _ payload: WireFields.Payload) throws(MessageError) -> [UInt8] {
    var text: [UInt8] = []
    if case .bytes(let content) = payload {
      text.append(quoted: try utf8(content))
    } else if case .varint(let number) = payload, key.kind == .bool {
      text.append(json: number == 0 ? "\"false\"" : "\"true\"")
    } else if let number = payload.integer(key.kind) {
      text.append(json: "\"\(number)\"")
    }
    return text
  }

  /// Writes a single value. Joins a message that comes in several parts; of any other value the last part wins.
  mutating func writeValue(_ field: FieldDescription, _ payloads: [WireFields.Payload]) throws(MessageError) {
    let payload = payloads.last ?? field.defaultPayload
    if field.kind == .message {
      guard let type = types.message(field.typeName) else { throw path.error(.unknownType) }
      if payloads.count > 1 {
        let joined = payloads.flatMap { Array($0.content ?? field.emptyContent) }
        try joined.withUnsafeBufferPointer { bytes throws(MessageError) in
          try write(type, UnsafeRawBufferPointer(bytes))
        }
      } else {
        try write(type, payload.content ?? field.emptyContent)
      }
    } else {
      try writeScalar(field, payload)
      try checkSize()
    }
  }

  private mutating func writeScalar(_ field: FieldDescription, _ payload: WireFields.Payload) throws(MessageError) {
    switch (field.kind, payload) {
    case (.bool, .varint(let value)): json.append(json: value == 0 ? "false" : "true")
    case (.enum, .varint(let value)): try writeEnum(field.typeName, Int32(truncatingIfNeeded: value))
    case (.double, .fixed64(let bits)): json.append(json: Double(bitPattern: bits))
    case (.float, .fixed32(let bits)): json.append(json: Float(bitPattern: bits))
    case (.string, .bytes(let content)): json.append(quoted: try utf8(content))
    case (.bytes, .bytes(let content)): json.append(quoted: Base64.encode(content))
    default:
      guard let number = payload.integer(field.kind) else { throw path.error(.malformed) }
      json.append(json: field.kind.is64Bit ? "\"\(number)\"" : number)
    }
  }

  private mutating func writeEnum(_ typeName: String, _ number: Int32) throws(MessageError) {
    if typeName == WellKnownType.nullValue {
      json.append(json: "null")
      return
    }
    guard let type = types.enumeration(typeName) else { throw path.error(.unknownType) }
    if !options.writesEnumsAsNumbers, let name = type.name(of: number) {
      json.append(quoted: name.utf8)
    } else {
      json.append(json: String(number))
    }
  }

  /// Validates a string. Strings in an `Any` were not validated before.
  func utf8(_ content: UnsafeRawBufferPointer) throws(MessageError) -> UnsafeRawBufferPointer {
    guard String.isUTF8(content) else { throw path.error(.invalidUTF8) }
    return content
  }

  private func checkSize() throws(MessageError) {
    guard json.count <= options.bytesMaximum else { throw path.error(.tooLarge) }
  }
}

extension FieldDescription {
  fileprivate var emptyContent: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
}

extension FieldDescription.Kind {
  /// Whether JSON writes the numbers as strings, since many parsers read all numbers as floating point.
  var is64Bit: Bool {
    switch self {
    case .int64, .uint64, .sint64, .fixed64, .sfixed64: true
    default: false
    }
  }
}

extension WireFields.Payload {
  /// Formats the value of an integer field.
  func integer(_ kind: FieldDescription.Kind) -> String? {
    switch (kind, self) {
    case (.int32, .varint(let value)): String(Int32(truncatingIfNeeded: value))
    case (.int64, .varint(let value)): String(Int64(bitPattern: value))
    case (.uint32, .varint(let value)): String(UInt32(truncatingIfNeeded: value))
    case (.uint64, .varint(let value)): String(value)
    case (.sint32, .varint(let value)):
      String(Int32(bitPattern: UInt32(truncatingIfNeeded: value) >> 1) ^ -Int32(value & 1))
    case (.sint64, .varint(let value)): String(Int64(bitPattern: value >> 1) ^ -Int64(value & 1))
    case (.fixed32, .fixed32(let value)): String(value)
    case (.sfixed32, .fixed32(let value)): String(Int32(bitPattern: value))
    case (.fixed64, .fixed64(let value)): String(value)
    case (.sfixed64, .fixed64(let value)): String(Int64(bitPattern: value))
    default: nil
    }
  }
}

extension String {
  /// Whether bytes are UTF-8.
  static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.withMemoryRebound(to: UInt8.self) { (try? UTF8Span(validating: $0.span)) != nil }
  }
}
