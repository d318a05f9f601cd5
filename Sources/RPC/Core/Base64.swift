/// Base64 as metadata uses it (RFC 4648 section 4): written without padding, read with or without.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xff, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count * 4 + 2) / 3)
    var accumulator: UInt32 = 0
    var bits = 0
    for byte in bytes {
      accumulator = accumulator << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        output.append(alphabet[Int(accumulator >> UInt32(bits) & 0x3f)])
      }
    }
    if bits > 0 { output.append(alphabet[Int(accumulator << UInt32(6 - bits) & 0x3f)]) }
    return output
  }

  /// - Returns: nil when a character is outside the alphabet, the length is impossible, or padding is misplaced.
  static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    var characters = text[...]
    while characters.first == UInt8(ascii: " ") { characters = characters.dropFirst() }
    while characters.last == UInt8(ascii: " ") { characters = characters.dropLast() }
    if characters.last == UInt8(ascii: "=") {
      guard characters.count % 4 == 0 else { return nil }
      characters = characters.dropLast()
      if characters.last == UInt8(ascii: "=") { characters = characters.dropLast() }
    }
    guard characters.count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(characters.count * 3 / 4)
    var accumulator: UInt32 = 0
    var bits = 0
    for character in characters {
      let value = values[Int(character)]
      guard value != 0xff else { return nil }
      accumulator = accumulator << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
      }
    }
    return output
  }

  static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
  }
}
