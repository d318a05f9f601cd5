/// The fields of one encoded message, gathered by number.
struct WireFields {
  /// The payload of one field as it is on the wire.
  enum Payload {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)
  }

  /// One field of the message.
  struct Field {
    var number: UInt32
    var payload: Payload
  }

  /// All fields in the order of the wire, without groups.
  private(set) var all: [Field] = []

  /// Reads one message.
  ///
  /// - Returns: Nil when the bytes are malformed.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      guard let tag = reader.readTag() else { return nil }
      if tag.wireType == 3 {
        guard reader.skip(tag) else { return nil }
      } else {
        guard let payload = reader.readPayload(wireType: tag.wireType) else { return nil }
        all.append(Field(number: tag.number, payload: payload))
      }
    }
  }

  /// The payloads of the field with this number.
  subscript(number: UInt32) -> [Payload] {
    all.compactMap { $0.number == number ? $0.payload : nil }
  }

  /// Returns the messages, strings or bytes of a field.
  func contents(_ number: UInt32) -> [UnsafeRawBufferPointer] {
    self[number].compactMap(\.content)
  }

  /// Returns the string of a field, empty when it is not set.
  func text(_ number: UInt32) -> String {
    contents(number).last.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Returns the number of a field of wire type 0, nil when it is not set.
  func varint(_ number: UInt32) -> UInt64? {
    self[number].last?.varint
  }
}

extension WireFields.Payload {
  /// The payload of wire type 2.
  var content: UnsafeRawBufferPointer? {
    if case .bytes(let content) = self { content } else { nil }
  }

  /// The payload of wire type 0.
  var varint: UInt64? {
    if case .varint(let value) = self { value } else { nil }
  }
}

extension WireReader {
  /// Reads the payload after a tag.
  ///
  /// - Returns: Nil when the bytes end early, or the wire type is a group or does not exist.
  mutating func readPayload(wireType: UInt8) -> WireFields.Payload? {
    switch wireType {
    case 0: readVarint().map { .varint($0) }
    case 1: readLittleEndian(UInt64.self).map { .fixed64($0) }
    case 2: readLengthPrefixed().map { .bytes($0) }
    case 5: readLittleEndian(UInt32.self).map { .fixed32($0) }
    default: nil
    }
  }
}
