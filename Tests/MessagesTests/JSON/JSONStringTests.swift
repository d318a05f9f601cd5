import Messages
import TestAPI
import Testing

@Suite("JSON strings")
struct JSONStringTests {
  @Test("have escapes only where they must")
  func written() throws {
    let text = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}谷歌😁"
    let json = #"{"optionalString":"\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7f}谷歌😁\"}"
    #expect(try AllTypes(optionalString: text).json() == json)
    #expect(try AllTypes(json: json).optionalString == text)
  }

  @Test("accept every escape")
  func escapes() throws {
    let json = #"{"optionalString":"\"\\\/\b\f\n\r\t\u8C37\u6b4c\uD83D\uDE01"}"#
    #expect(try AllTypes(json: json).optionalString == "\"\\/\u{8}\u{c}\n\r\t谷歌😁")
  }

  @Test(
    "refuse escapes that do not exist and halves of surrogate pairs",
    arguments: [
      #"\U8C37"#, #"\uXXXX"#, #"\u8C3"#, #"\u 8C3"#, #"\uD800"#, #"\uDC00"#, #"\uDE01\uD83D"#, #"\uD83D\u0041"#,
      #"\uD83Dx"#, #"\a"#, #"\"#, "\u{1}", "\n",
    ]
  )
  func badEscapes(text: String) {
    #expect(throws: MessageError(.malformedJSON, "$.optionalString")) {
      try AllTypes(json: "{\"optionalString\":\"\(text)\"}")
    }
  }

  @Test("refuse bytes that are not UTF-8", arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xbc]])
  func invalidUTF8(bytes: [UInt8]) {
    #expect(throws: MessageError(.invalidUTF8, "$")) {
      try AllTypes(jsonBytes: Array(#"{"optionalString":""#.utf8) + bytes + Array("\"}".utf8))
    }
  }

  @Test("are not numbers")
  func notStrings() {
    #expect(throws: MessageError(.unexpectedValue, "$.optionalString")) { try AllTypes(json: #"{"optionalString":1}"#) }
  }
}
