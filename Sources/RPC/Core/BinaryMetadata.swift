import Basics

/// Base64 of metadata (RFC 4648 section 4): written without padding, read with or without.
enum BinaryMetadata {
  static func encode(_ bytes: [UInt8]) -> [UInt8] { Base64.encode(bytes, isPadded: false) }

  /// - Returns: Nil when a character is outside the alphabet, the length is impossible, or padding is misplaced.
  static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    var characters = text[...]
    while characters.first == UInt8(ascii: " ") { characters = characters.dropFirst() }
    while characters.last == UInt8(ascii: " ") { characters = characters.dropLast() }
    return Base64.decode(characters, only: .standard)
  }

  static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
  }
}
