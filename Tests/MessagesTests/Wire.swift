/// Writes wire format field by field, so that a test can send what no encoder would write.
struct Wire: Sendable {
  private(set) var bytes: [UInt8] = []

  /// Adds a field of wire type 0.
  func varint(_ number: UInt32, _ value: UInt64) -> Wire {
    adding(number, 0) { $0.append(varint: value) }
  }

  /// Adds a field of wire type 1.
  func fixed64(_ number: UInt32, _ value: UInt64) -> Wire {
    adding(number, 1) { $0.bytes += (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) } }
  }

  /// Adds a field of wire type 2.
  func bytes(_ number: UInt32, _ content: [UInt8]) -> Wire {
    adding(number, 2) {
      $0.append(varint: UInt64(content.count))
      $0.bytes += content
    }
  }

  /// Adds a field of wire type 2 with a text.
  func text(_ number: UInt32, _ content: String) -> Wire {
    bytes(number, Array(content.utf8))
  }

  /// Adds a field of wire type 2 with a message.
  func message(_ number: UInt32, _ content: Wire) -> Wire {
    bytes(number, content.bytes)
  }

  /// Adds a field of wire type 5.
  func fixed32(_ number: UInt32, _ value: UInt32) -> Wire {
    adding(number, 5) { $0.bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
  }

  /// Adds bytes verbatim.
  func raw(_ content: [UInt8]) -> Wire {
    var wire = self
    wire.bytes += content
    return wire
  }

  private func adding(_ number: UInt32, _ wireType: UInt64, _ payload: (inout Wire) -> Void) -> Wire {
    var wire = self
    wire.append(varint: UInt64(number) << 3 | wireType)
    payload(&wire)
    return wire
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
