import Messages
import TestAPI
import Testing

@Suite("Text")
struct TextTests {
  /// Overlong forms, surrogates, numbers beyond Unicode, truncated sequences, and sequences that start in the middle.
  private static let invalid: [[UInt8]] = [
    [0x80], [0xc0, 0x80], [0xc3], [0xc3, 0x28], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80],
    [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xff], [0x61, 0xe4, 0xbc],
    Array("a text that is longer than a small string ".utf8) + [0xff],
  ]

  @Test("that is not UTF-8 is refused with the name of the field", arguments: invalid)
  func invalidText(bytes: [UInt8]) {
    #expect(throws: MessageError(.invalidUTF8, "patron.testing.v1.Scalars.string_value")) {
      try TestingV1.Scalars(serializedBytes: Wire().bytes(14, bytes).bytes)
    }
    #expect(throws: MessageError(.invalidUTF8, "patron.testing.v1.RepeatedScalars.string_values")) {
      try TestingV1.RepeatedScalars(serializedBytes: Wire().text(14, "fine").bytes(14, bytes).bytes)
    }
    #expect(throws: MessageError(.invalidUTF8, "patron.testing.v1.Maps.NumbersEntry.key")) {
      try TestingV1.Maps(serializedBytes: Wire().message(1, Wire().bytes(1, bytes)).bytes)
    }
  }

  @Test("of every length around the small string is read back", arguments: 0...40)
  func lengths(count: Int) throws {
    for text in [String(repeating: "a", count: count), String(repeating: "员", count: count)] {
      let bytes = try TestingV1.Scalars(stringValue: text).serializedBytes()
      #expect(try TestingV1.Scalars(serializedBytes: bytes).stringValue == text)
    }
  }

  @Test("with a NUL in it is not cut")
  func embeddedNUL() throws {
    let bytes = try TestingV1.Scalars(stringValue: "a\0b").serializedBytes()
    #expect(bytes == Wire().bytes(14, [0x61, 0, 0x62]).bytes)
    #expect(try TestingV1.Scalars(serializedBytes: bytes).stringValue == "a\0b")
  }

  @Test("errors hold no text of the message")
  func errorsAreSafe() throws {
    let error = #expect(throws: MessageError.self) {
      try TestingV1.Scalars(serializedBytes: Wire().bytes(14, Array("secret".utf8) + [0xff]).bytes)
    }
    #expect(try #require(error).description == "patron.testing.v1.Scalars.string_value: the text is not UTF-8")
  }
}
