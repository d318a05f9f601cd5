/// The payload of a field to write.
enum WireValue: Hashable {
  case varint(UInt64)
  case fixed64(UInt64)
  case fixed32(UInt32)
  case bytes([UInt8])

  /// Whether a field without presence omits the value.
  var isDefault: Bool {
    switch self {
    case .varint(let value), .fixed64(let value): value == 0
    case .fixed32(let value): value == 0
    case .bytes(let content): content.isEmpty
    }
  }
}

extension [UInt8] {
  /// Appends a field.
  mutating func append(field number: UInt32, _ value: WireValue) {
    let wireType: UInt64 =
      switch value {
      case .varint: 0
      case .fixed64: 1
      case .bytes: 2
      case .fixed32: 5
      }
    appendVarint(UInt64(number) << 3 | wireType)
    append(payload: value)
  }

  /// Appends a value without a tag.
  mutating func append(payload value: WireValue) {
    switch value {
    case .varint(let number): appendVarint(number)
    case .fixed64(let bits): Swift.withUnsafeBytes(of: bits.littleEndian) { append(contentsOf: $0) }
    case .fixed32(let bits): Swift.withUnsafeBytes(of: bits.littleEndian) { append(contentsOf: $0) }
    case .bytes(let content):
      appendVarint(UInt64(content.count))
      append(contentsOf: content)
    }
  }
}
