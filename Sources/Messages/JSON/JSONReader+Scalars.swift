import Basics

extension JSONReader {
  /// Reads a single value.
  ///
  /// - Returns: Nil when the value is skipped: an enum value of an unknown name, if unknown fields are ignored.
  mutating func readValue(_ field: FieldDescription) throws(MessageError) -> WireValue? {
    switch field.kind {
    case .message:
      guard let type = types.message(field.typeName) else { throw scanner.path.error(.unknownType) }
      return .bytes(try readMessage(type))
    case .enum: return try readEnum(field.typeName)
    case .bool: return .varint(try scanner.readBoolean() ? 1 : 0)
    case .string: return .bytes(Array(try scanner.readText()))
    case .bytes: return .bytes(try accepted(Base64.decode(try scanner.readText())))
    case .double: return .fixed64(try readFloatingPoint(Double.self).bitPattern)
    case .float: return .fixed32(try readFloatingPoint(Float.self).bitPattern)
    case .group: throw scanner.path.error(.unexpectedValue)
    default: return try accepted(WireValue(try readNumber(), field.kind))
    }
  }

  /// Converts a member's name to a map key.
  ///
  /// - Returns: Nil when `name` is not a valid key.
  func mapKey(_ key: FieldDescription, _ name: String) -> WireValue? {
    switch key.kind {
    case .string: .bytes(Array(name.utf8))
    case .bool: name == "true" ? .varint(1) : name == "false" ? .varint(0) : nil
    default: JSONNumber(Array(name.utf8)[...]).flatMap { WireValue($0, key.kind) }
    }
  }

  private mutating func readEnum(_ typeName: String) throws(MessageError) -> WireValue? {
    guard let type = types.enumeration(typeName) else { throw scanner.path.error(.unknownType) }
    switch try scanner.kind() {
    case .number:
      return try accepted(WireValue(try scanner.readNumber(), .int32))
    case .null where typeName == WellKnownType.nullValue:
      try scanner.readNull()
      return .varint(0)
    default:
      if let number = type.number(of: try scanner.readString()) { return .varint(UInt64(bitPattern: Int64(number))) }
      guard options.ignoresUnknownFields else { throw scanner.path.error(.unexpectedValue) }
      return nil
    }
  }

  /// Reads a number, quoted or not.
  private mutating func readNumber() throws(MessageError) -> JSONNumber {
    if try scanner.kind() == .number { return try scanner.readNumber() }
    return try accepted(JSONNumber(try scanner.readText()))
  }

  private mutating func readFloatingPoint<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ type: Value.Type
  ) throws(MessageError) -> Value {
    if try scanner.kind() == .number { return try accepted(try scanner.readNumber().floatingPoint(type)) }
    switch try scanner.readString() {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    case let text: return try accepted(JSONNumber(Array(text.utf8)[...])?.floatingPoint(type))
    }
  }

  /// Returns `value`. Throws when it is nil, which means that the field cannot have it.
  func accepted<Value>(_ value: Value?) throws(MessageError) -> Value {
    guard let value else { throw scanner.path.error(.unexpectedValue) }
    return value
  }
}

extension WireValue {
  /// Converts a number to an integer field's wire form.
  ///
  /// - Returns: Nil when the number has a fraction or is out of the type's range.
  init?(_ number: JSONNumber, _ kind: FieldDescription.Kind) {
    guard let (isNegative, magnitude) = number.integer else { return nil }
    let unsigned = isNegative && magnitude > 0 ? nil : magnitude
    let signed: Int64? =
      if isNegative {
        magnitude == Int64.min.magnitude ? Int64.min : Int64(exactly: magnitude).map { -$0 }
      } else {
        Int64(exactly: magnitude)
      }
    let encoded: WireValue? =
      switch kind {
      case .int32: signed.flatMap { Int32(exactly: $0) }.map { .varint(UInt64(bitPattern: Int64($0))) }
      case .int64: signed.map { .varint(UInt64(bitPattern: $0)) }
      case .uint32: unsigned.flatMap { UInt32(exactly: $0) }.map { .varint(UInt64($0)) }
      case .uint64: unsigned.map { .varint($0) }
      case .sint32:
        signed.flatMap { Int32(exactly: $0) }.map { .varint(UInt64(UInt32(bitPattern: $0 << 1 ^ $0 >> 31))) }
      case .sint64: signed.map { .varint(UInt64(bitPattern: $0 << 1 ^ $0 >> 63)) }
      case .fixed32: unsigned.flatMap { UInt32(exactly: $0) }.map { .fixed32($0) }
      case .fixed64: unsigned.map { .fixed64($0) }
      case .sfixed32: signed.flatMap { Int32(exactly: $0) }.map { .fixed32(UInt32(bitPattern: $0)) }
      case .sfixed64: signed.map { .fixed64(UInt64(bitPattern: $0)) }
      default: nil
      }
    guard let encoded else { return nil }
    self = encoded
  }
}
