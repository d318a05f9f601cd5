import CommonProto
import Messages
import TestAPI
import Testing

@Suite("JSON options")
struct JSONOptionTests {
  @Test("write fields without presence even at their default")
  func defaults() throws {
    let json = try TestingV1.Choice().json(options: JSONEncodingOptions(writesDefaultValues: true))
    #expect(json == #"{"label":""}"#)
    let tree = try TestingV1.Tree().json(options: JSONEncodingOptions(writesDefaultValues: true))
    #expect(tree == #"{"name":"","children":[],"named":{}}"#)
    let optional = try TestingV1.OptionalScalars().json(options: JSONEncodingOptions(writesDefaultValues: true))
    #expect(optional == "{}")
  }

  @Test("keep the names of the proto file")
  func protoNames() throws {
    let message = AllTypes(optionalInt32: 1, fieldName3: 2)
    let json = try message.json(options: JSONEncodingOptions(keepsProtoNames: true))
    #expect(json == #"{"optional_int32":1,"_field_name3":2}"#)
    #expect(try AllTypes(json: json) == message)
  }

  @Test("write enums as numbers")
  func enumNumbers() throws {
    let message = AllTypes(optionalNestedEnum: .neg, oneofField: .oneofNullValue(.nullValue))
    let json = try message.json(options: JSONEncodingOptions(writesEnumsAsNumbers: true))
    #expect(json == #"{"optionalNestedEnum":-1,"oneofNullValue":null}"#)
  }

  @Test("ignore unknown fields, which must be JSON all the same")
  func unknownFields() throws {
    let json = #"{"unknown":{"a":[1,null,"x",true,{}]},"optionalInt32":1,"@type":"x"}"#
    #expect(throws: MessageError(.unknownField, "$.unknown")) { try AllTypes(json: json) }
    let ignoring = JSONDecodingOptions(ignoresUnknownFields: true)
    #expect(try AllTypes(json: json, options: ignoring) == AllTypes(optionalInt32: 1))
    #expect(throws: MessageError(.malformedJSON, "$.unknown")) {
      try AllTypes(json: #"{"unknown":[1,]}"#, options: ignoring)
    }
  }

  @Test("of errors: names that are no identifiers are hidden")
  func hiddenNames() {
    #expect(throws: MessageError(.unknownField, "$.?")) { try AllTypes(json: #"{"a secret":1}"#) }
    #expect(throws: MessageError(.unknownField, "$.optionalNestedMessage.corecursive.x")) {
      try AllTypes(json: #"{"optionalNestedMessage":{"corecursive":{"x":1}}}"#)
    }
  }
}
