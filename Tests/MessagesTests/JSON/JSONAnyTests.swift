import CommonProto
import Messages
import TestAPI
import Testing

@Suite("JSON of Any")
struct JSONAnyTests {
  private static let google = "type.googleapis.com/google.protobuf"
  private static let allTypes = "type.googleapis.com/protobuf_test_messages.proto3.TestAllTypesProto3"

  @Test("has the content's fields beside its type")
  func fields() throws {
    let json = #"{"@type":"\#(Self.allTypes)","optionalInt32":12345}"#
    let message = try GoogleProtobuf.AnyMessage(json: json, types: .testAPI)
    #expect(message.typeUrl == Self.allTypes)
    #expect(try message.value == AllTypes(optionalInt32: 12345).serializedBytes())
    #expect(try message.json(types: .testAPI) == json)
  }

  @Test("finds the type in any position")
  func order() throws {
    let unordered = #"{"optionalAny":{"repeatedInt32":[1,2],"@type":"\#(Self.allTypes)"}}"#
    #expect(try AllTypes(json: unordered).optionalAny?.value == AllTypes(repeatedInt32: [1, 2]).serializedBytes())
  }

  @Test(
    "has a well-known type's own form as its value",
    arguments: [
      ("Int32Value", "12345"), ("Duration", "\"1.500s\""), ("Timestamp", "\"1970-01-01T00:00:00Z\""), ("Value", "null"),
      ("FieldMask", "\"foo,barBaz\""), ("Struct", "{\"foo\":1}"), ("ListValue", "[1]"), ("BoolValue", "false"),
      ("Any", "{\"@type\":\"type.googleapis.com/google.protobuf.StringValue\",\"value\":\"x\"}"), ("Any", "{}"),
    ]
  )
  func wellKnown(type: String, value: String) throws {
    let json = #"{"optionalAny":{"@type":"\#(Self.google).\#(type)","value":\#(value)}}"#
    #expect(try AllTypes(json: json).json() == json)
  }

  @Test("may be empty")
  func empty() throws {
    #expect(try AllTypes(json: #"{"optionalAny":{}}"#).optionalAny == GoogleProtobuf.AnyMessage())
    #expect(try AllTypes(optionalAny: GoogleProtobuf.AnyMessage()).json() == #"{"optionalAny":{}}"#)
  }

  @Test("keeps content as an encoder would write it, without defaults")
  func canonicalContent() throws {
    let json = #"{"optionalAny":{"@type":"\#(Self.allTypes)","optionalInt32":0,"optionalString":"","oneofUint32":0}}"#
    #expect(
      try AllTypes(json: json).optionalAny?.value == AllTypes(oneofField: .oneofUint32(0)).serializedBytes()
    )
  }

  @Test("refuses types that are not known and content that does not fit")
  func refused() throws {
    for type in ["", "not_a_url", "type.googleapis.com/nothing", "type.googleapis.com/", "google.protobuf.Duration"] {
      #expect(throws: MessageError(.unknownType, "$.optionalAny")) {
        try AllTypes(json: #"{"optionalAny":{"@type":"\#(type)","value":""}}"#)
      }
      #expect(throws: MessageError(.unknownType, "$.optionalAny")) {
        try AllTypes(optionalAny: GoogleProtobuf.AnyMessage(typeUrl: type, value: [8, 1])).json()
      }
    }
    for content in [
      #""optionalInt32":1"#, #""@type":"\#(Self.google).Duration""#, #""@type":1"#,
      #""@type":"\#(Self.google).Duration","value":"1s","value":"1s""#, #""@type":"\#(Self.allTypes)","value":1"#,
      #""@type":"\#(Self.google).Duration","value":"1s","other":1"#,
      #""@type":"\#(Self.google).Empty","@type":"\#(Self.google).Empty""#,
    ] {
      #expect(throws: MessageError.self) { try AllTypes(json: "{\"optionalAny\":{\(content)}}") }
    }
  }

  @Test("cannot be written when its content is malformed")
  func malformedContent() {
    let any = GoogleProtobuf.AnyMessage(typeUrl: Self.allTypes, value: [0xff])
    #expect(throws: MessageError(.malformed, "$.optionalAny")) { try AllTypes(optionalAny: any).json() }
    let text = GoogleProtobuf.AnyMessage(typeUrl: Self.allTypes, value: Wire().bytes(14, [0xff]).bytes)
    #expect(throws: MessageError(.invalidUTF8, "$.optionalAny.optionalString")) {
      try AllTypes(optionalAny: text).json()
    }
  }

  @Test("is written as a decoder would understand its content")
  func foreignContent() throws {
    let wire = Wire()
      .varint(1, 1).varint(1, 2)
      .message(18, Wire().varint(1, 3)).message(18, Wire().message(2, Wire().varint(1, 4)))
      .varint(111, 5).text(113, "last")
      .bytes(31, [1, 2]).varint(31, 3)
      .message(69, Wire().text(1, "k").text(2, "a")).message(69, Wire().text(1, "k").text(2, "b"))
      .varint(501, 9).fixed32(2, 9)
    let any = GoogleProtobuf.AnyMessage(typeUrl: Self.allTypes, value: wire.bytes)
    let json = """
      {"optionalAny":{"@type":"\(Self.allTypes)","optionalInt32":2,\
      "optionalNestedMessage":{"a":3,"corecursive":{"optionalInt32":4}},"repeatedInt32":[1,2,3],\
      "mapStringString":{"k":"b"},"oneofString":"last"}}
      """
    #expect(try AllTypes(optionalAny: any).json() == json)
  }
}
