import Messages

/// Base64 of metadata (RFC 4648 section 4): written without padding, read with or without.
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> [UInt8] { Messages.Base64.encode(bytes, isPadded: false) }

  /// - Returns: Nil when a character is outside the alphabet, the length is impossible, or padding is misplaced.
  static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    var characters = text[...]
    while characters.first == UInt8(ascii: " ") { characters = characters.dropFirst() }
    while characters.last == UInt8(ascii: " ") { characters = characters.dropLast() }
    // The alphabet for URLs is not accepted here.
    guard !characters.contains(UInt8(ascii: "-")), !characters.contains(UInt8(ascii: "_")) else { return nil }
    return Messages.Base64.decode(characters)
  }

  static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
  }
}
