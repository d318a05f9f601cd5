public import FoundationEssentials

/// Every call reads and writes several ids, so this is done by hand: Foundation goes through `sscanf` and `snprintf`.
extension UUID {
  /// Lower-case text with dashes, as the services write ids.
  public var text: String {
    String(unsafeUninitializedCapacity: Self.textBytes) { text in
      withUnsafeBytes(of: uuid) { bytes in
        var place = 0
        for byte in bytes {
          if Self.isDash(at: place) {
            text[place] = UInt8(ascii: "-")
            place += 1
          }
          text[place] = Hex.digit(byte >> 4)
          text[place + 1] = Hex.digit(byte & 0xF)
          place += 2
        }
        return place
      }
    }
  }

  /// Reads the usual form (RFC 9562 section 4): 36 characters with dashes, letters of either case. Nil for anything else.
  public init?(text: String) {
    var text = text
    let halves = text.withUTF8 { Self.halves($0) }
    guard let halves else { return nil }
    self.init(high: halves.high, low: halves.low)
  }

  /// Reads the same form from its bytes.
  package init?(bytesOfText text: UnsafeRawBufferPointer) {
    guard let halves = text.withMemoryRebound(to: UInt8.self, Self.halves) else { return nil }
    self.init(high: halves.high, low: halves.low)
  }

  private static let textBytes = 36

  private static func isDash(at place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

  private static func halves(_ text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard text.count == textBytes else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for (place, byte) in text.enumerated() {
      if isDash(at: place) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let value = Hex.value(of: byte) else { return nil }
      if place < 18 { high = high << 4 | UInt64(value) } else { low = low << 4 | UInt64(value) }
    }
    return (high, low)
  }
}
