import Basics

// The JSON forms of the well-known types: https://protobuf.dev/programming-guides/json

extension JSONWriter {
  /// Writes a message of a type with a form of its own.
  mutating func write(
    _ wellKnownType: WellKnownType,
    _ type: MessageDescription,
    _ values: FieldValues
  ) throws(MessageError) {
    switch wellKnownType {
    case .any: try writeAny(values)
    case .timestamp: try writeTime(values, RFC3339.encode)
    case .duration: try writeTime(values, DurationText.encode)
    case .fieldMask: try writeFieldMask(values)
    case .value: try writeAnyValue(type, values)
    case .structure, .listValue, .doubleValue, .floatValue, .int64Value, .uint64Value, .int32Value, .uint32Value,
      .boolValue, .stringValue, .bytesValue:
      // The value of their only field.
      guard let field = type.field(1) else { throw path.error(.unknownType) }
      try write(field, values[field])
    }
  }

  private mutating func writeTime(
    _ values: FieldValues,
    _ encode: (_ seconds: Int64, _ nanos: Int32) -> String?
  ) throws(MessageError) {
    let seconds = Int64(bitPattern: values[1].last?.varint ?? 0)
    let nanos = Int32(truncatingIfNeeded: values[2].last?.varint ?? 0)
    guard let text = encode(seconds, nanos) else { throw path.error(.notRepresentable) }
    json.append(quoted: text.utf8)
  }

  private mutating func writeFieldMask(_ values: FieldValues) throws(MessageError) {
    var paths: [String] = []
    for payload in values[1] {
      guard let content = payload.content else { throw path.error(.malformed) }
      paths.append(String(decoding: try utf8(content), as: UTF8.self))
    }
    guard let text = FieldMaskText.encode(paths) else { throw path.error(.notRepresentable) }
    json.append(quoted: text.utf8)
  }

  /// Writes a `google.protobuf.Value`, null when no kind is set.
  private mutating func writeAnyValue(_ type: MessageDescription, _ values: FieldValues) throws(MessageError) {
    guard let field = type.fields.first(where: { !values[$0].isEmpty }) else {
      json.append(json: "null")
      return
    }
    if field.kind == .double, case .fixed64(let bits)? = values[field].last, !Double(bitPattern: bits).isFinite {
      throw path.error(.notRepresentable)
    }
    try write(field, values[field])
  }

  /// Writes a `google.protobuf.Any`: the content's fields beside `@type`, or its JSON form as `value`.
  private mutating func writeAny(_ values: FieldValues) throws(MessageError) {
    let empty = UnsafeRawBufferPointer(start: nil, count: 0)
    let content = values[2].last?.content ?? empty
    let typeURL = String(decoding: try utf8(values[1].last?.content ?? empty), as: UTF8.self)
    if typeURL.isEmpty, content.isEmpty {
      json.append(json: "{}")
      return
    }
    guard let type = types.message(typeURL: typeURL) else { throw path.error(.unknownType) }
    json.append(json: "{\"@type\":")
    json.append(quoted: typeURL.utf8)
    if type.wellKnownType != nil {
      json.append(json: ",\"value\":")
      try write(type, content)
    } else {
      guard let wire = WireFields(content) else { throw path.error(.malformed) }
      var isFirst = false
      try writeFields(type, FieldValues(wire, type: type), isFirst: &isFirst)
    }
    json.append(json: "}")
  }
}
