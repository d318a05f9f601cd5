import CommonProto
import Messages
import TestAPI
import Testing

@Suite("JSON messages")
struct JSONMessageTests {
  @Test("omit unset fields")
  func empty() throws {
    #expect(try AllTypes().json() == "{}")
    #expect(try AllTypes(json: " {\t}\r\n") == AllTypes())
  }

  @Test("name fields in lowerCamelCase and accept the names of the proto file")
  func names() throws {
    let message = AllTypes(fieldName2: 2, fieldName3: 3, fieldName4: 4)
    #expect(try message.json() == #"{"fieldName2":2,"FieldName3":3,"fieldName4":4}"#)
    #expect(try AllTypes(json: #"{"fieldName2":2,"FieldName3":3,"fieldName4":4}"#) == message)
    #expect(try AllTypes(json: #"{"field_name2":2,"_field_name3":3,"field__name4_":4}"#) == message)
    #expect(try AllTypes(json: #"{"f\u0069eldName2":2,"FieldName3":3,"fieldName4":4}"#) == message)
  }

  @Test("take null for a field that is not set")
  func null() throws {
    let json = """
      {"optionalInt32":null,"optionalString":null,"optionalNestedEnum":null,"optionalNestedMessage":null,
      "repeatedInt32":null,"mapStringString":null,"optionalTimestamp":null,"optionalInt32Wrapper":null,
      "repeatedBoolWrapper":null,"oneofString":null,"oneofUint32":null,"optionalAny":null}
      """
    #expect(try AllTypes(json: json) == AllTypes())
  }

  @Test("refuse null among the elements of a list or the values of a map")
  func nullElements() {
    for json in [#"{"repeatedInt32":[1,null]}"#, #"{"repeatedNestedMessage":[null]}"#] {
      #expect(throws: MessageError.self) { try AllTypes(json: json) }
    }
    #expect(throws: MessageError(.unexpectedValue, "$.mapInt32Int32[0]")) {
      try AllTypes(json: #"{"mapInt32Int32":{"0":null}}"#)
    }
  }

  @Test("refuse a field given twice, by either name")
  func duplicates() {
    for second in ["fieldName2", "field_name2"] {
      #expect(throws: MessageError(.duplicateField, "$.\(second)")) {
        try AllTypes(json: "{\"fieldName2\":1,\"\(second)\":null}")
      }
    }
  }

  @Test("keep the member of a oneof even at its default, and refuse a second one")
  func oneofs() throws {
    #expect(try AllTypes(json: #"{"oneofUint32":0}"#).oneofField == .oneofUint32(0))
    #expect(try AllTypes(json: #"{"oneofNestedMessage":{}}"#).json() == #"{"oneofNestedMessage":{}}"#)
    #expect(try AllTypes(json: #"{"oneofUint32":null,"oneofString":""}"#).oneofField == .oneofString(""))
    #expect(throws: MessageError(.duplicateField, "$.oneofString")) {
      try AllTypes(json: #"{"oneofUint32":1,"oneofString":"x"}"#)
    }
  }

  @Test("keep an optional field at its default")
  func presence() throws {
    let json = #"{"int32Value":0,"boolValue":false,"stringValue":"","bytesValue":"","colour":"COLOUR_UNSPECIFIED"}"#
    let message = try TestingV1.OptionalScalars(json: json)
    #expect(message.int32Value == 0)
    #expect(message.doubleValue == nil)
    #expect(try message.json() == json)
  }

  @Test("lie inside each other in every way")
  func nesting() throws {
    let message = TestingV1.Tree(
      name: "root",
      child: TestingV1.Tree(name: "a"),
      children: [TestingV1.Tree(), TestingV1.Tree(name: "b")],
      named: ["c": TestingV1.Tree(end: .leaf(0))],
      end: .branch(TestingV1.Tree(name: "d"))
    )
    let json = #"{"name":"root","child":{"name":"a"},"children":[{},{"name":"b"}],"named":{"c":{"leaf":0}},"#
    #expect(try message.json() == json + #""branch":{"name":"d"}}"#)
    #expect(try TestingV1.Tree(json: message.json()) == message)
  }

  @Test("have lists packed or not, in order")
  func lists() throws {
    let json = #"{"repeatedInt32":[3,1],"repeatedNestedEnum":["NEG","FOO",9],"unpackedInt64":["1","2"]}"#
    let message = try AllTypes(json: json)
    #expect(message.repeatedInt32 == [3, 1])
    #expect(message.unpackedInt64 == [1, 2])
    #expect(
      try message.json() == #"{"repeatedInt32":[3,1],"repeatedNestedEnum":["NEG","FOO",9],"#
        + #""unpackedInt64":["1","2"]}"#
    )
    #expect(try AllTypes(json: #"{"repeatedInt32":[]}"#) == AllTypes())
  }

  @Test(
    "refuse invalid JSON",
    arguments: [
      "", " ", "{", "}", "{}{}", "{} x", #"{"fieldname1":1,}"#, #"{"fieldname1" 1}"#, #"{"fieldname1":}"#,
      "{fieldname1:1}",
      #"{'fieldname1':1}"#, #"{"fieldname1":1 "fieldName2":2}"#, #"{,"fieldname1":1}"#, #"{"repeatedInt32":[1,]}"#,
      #"{"repeatedInt32":[,1]}"#, #"{"repeatedInt32":[1 2]}"#, #"{"repeatedInt32":[1}"#, "/**/{}", "\u{feff}{}",
      #"{"mapInt32Int32":{1:2}}"#, #"{"optionalNestedEnum":FOO}"#,
    ]
  )
  func malformed(json: String) throws {
    let error = #expect(throws: MessageError.self) { try AllTypes(json: json) }
    #expect(try #require(error).kind == .malformedJSON)
  }

  @Test("refuse a value of another kind", arguments: ["null", "[]", "1", "\"\"", "true"])
  func otherKinds(json: String) {
    #expect(throws: MessageError(.unexpectedValue, "$")) { try AllTypes(json: json) }
  }

  @Test("that are generated for Patron come back as they were")
  func everyModule() throws {
    let choice = TestingV1.Choice(value: .colour(.infrared), label: "x", reach: .near(.init(value: 0)))
    #expect(try choice.json() == #"{"colour":"COLOUR_INFRARED","label":"x","near":0}"#)
    #expect(try TestingV1.Choice(json: choice.json()) == choice)
  }
}
