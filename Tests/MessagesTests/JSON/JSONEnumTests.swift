import CommonProto
import Messages
import TestAPI
import Testing

@Suite("JSON enums")
struct JSONEnumTests {
  @Test("are names, and the first name when there are aliases")
  func written() throws {
    #expect(try AllTypes(optionalNestedEnum: .neg).json() == #"{"optionalNestedEnum":"NEG"}"#)
    #expect(try AllTypes(optionalAliasedEnum: .moo).json() == #"{"optionalAliasedEnum":"ALIAS_BAZ"}"#)
  }

  @Test(
    "are accepted by name, alias and number",
    arguments: ["\"ALIAS_BAZ\"", "\"MOO\"", "\"moo\"", "\"bAz\"", "2", "2.0"]
  )
  func accepted(text: String) throws {
    #expect(try AllTypes(json: "{\"optionalAliasedEnum\":\(text)}").optionalAliasedEnum.rawValue == 2)
  }

  @Test("are numbers when the number is unknown")
  func unknownNumbers() throws {
    #expect(try AllTypes(json: #"{"optionalNestedEnum":123}"#).json() == #"{"optionalNestedEnum":123}"#)
    #expect(try AllTypes(json: #"{"optionalNestedEnum":-2147483648}"#).optionalNestedEnum.rawValue == .min)
  }

  @Test(
    "refuse unknown names and other values",
    arguments: ["\"QUX\"", "\"foo\"", "\"1\"", "1.5", "2147483648", "true"]
  )
  func refused(text: String) {
    #expect(throws: MessageError(.unexpectedValue, "$.optionalNestedEnum")) {
      try AllTypes(json: "{\"optionalNestedEnum\":\(text)}")
    }
  }

  @Test("with unknown names are left out when unknown fields are ignored")
  func ignoredNames() throws {
    let json = """
      {"optionalNestedEnum":"X","repeatedNestedEnum":["FOO","X","BAR"],"mapStringNestedEnum":{"a":"X","b":"BAZ"},
      "oneofEnum":"X"}
      """
    let message = try AllTypes(json: json, options: JSONDecodingOptions(ignoresUnknownFields: true))
    #expect(message == AllTypes(repeatedNestedEnum: [.foo, .bar], mapStringNestedEnum: ["b": .baz]))
  }

  @Test("whose only value is null are null")
  func nullValue() throws {
    #expect(try AllTypes(json: #"{"optionalNullValue":null}"#) == AllTypes())
    #expect(try AllTypes(json: #"{"oneofNullValue":null}"#).json() == #"{"oneofNullValue":null}"#)
    #expect(try AllTypes(json: #"{"oneofNullValue":"NULL_VALUE"}"#).oneofField == .oneofNullValue(.nullValue))
  }
}
