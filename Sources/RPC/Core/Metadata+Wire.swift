extension Metadata.Field {
  /// Whether the field can be sent: a valid, unreserved name, and text of printable ASCII (grpc doc/PROTOCOL-HTTP2.md,
  /// "Custom-Metadata").
  public var isSendable: Bool {
    guard Self.isCustomName(key) else { return false }
    switch value {
    case .string(let text): return !key.hasSuffix("-bin") && text.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7e }
    case .binary: return key.hasSuffix("-bin")
    }
  }

  /// The bytes of name and value on the wire before compression.
  var wireBytes: Int {
    switch value {
    case .string(let text): key.utf8.count + text.utf8.count
    // Base64 without padding.
    case .binary(let bytes): key.utf8.count + (bytes.count * 4 + 2) / 3
    }
  }

  private static func isCustomName(_ name: String) -> Bool {
    guard !name.isEmpty, !name.hasPrefix("grpc-") else { return false }
    guard !connectionNames.contains(name) else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  private static let connectionNames: Set<String> = [
    "te", "content-type", "content-length", "connection", "keep-alive", "proxy-connection", "transfer-encoding",
    "upgrade", "host",
  ]
}

extension Metadata {
  /// Appends a field as received. A `-bin` value may be a comma-separated list, with or without base64 padding.
  ///
  /// - Returns: False when a `-bin` value is not base64.
  mutating func addReceived(
    name: UnsafeRawBufferPointer,
    value: UnsafeRawBufferPointer
  ) -> Bool {
    let key = String(decoding: name, as: UTF8.self)
    guard name.count > 4, key.utf8.suffix(4).elementsEqual("-bin".utf8) else {
      add(Field(key: key, value: .string(String(decoding: value, as: UTF8.self))))
      return true
    }
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let bytes = BinaryMetadata.decode(UnsafeRawBufferPointer(rebasing: part)) else { return false }
      add(Field(key: key, value: .binary(bytes)))
    }
    return true
  }
}
