import Messages
import TestAPI
import Testing

@Suite("JSON maps")
struct JSONMapTests {
  @Test(
    "have keys of every type as strings",
    arguments: [
      #"{"mapInt32Int32":{"-1":1}}"#, #"{"mapInt64Int64":{"-9223372036854775808":"1"}}"#,
      #"{"mapUint32Uint32":{"4294967295":0}}"#, #"{"mapUint64Uint64":{"18446744073709551615":"0"}}"#,
      #"{"mapSint32Sint32":{"-1":-1}}"#, #"{"mapSint64Sint64":{"-1":"-1"}}"#, #"{"mapFixed32Fixed32":{"1":1}}"#,
      #"{"mapFixed64Fixed64":{"1":"1"}}"#, #"{"mapSfixed32Sfixed32":{"-1":-1}}"#,
      #"{"mapSfixed64Sfixed64":{"-1":"1"}}"#,
      #"{"mapBoolBool":{"false":true,"true":false}}"#, #"{"mapStringString":{"":"","a\"":"b"}}"#,
      #"{"mapStringBytes":{"a":"AQI="}}"#, #"{"mapStringNestedMessage":{"a":{},"b":{"a":1}}}"#,
      #"{"mapStringNestedEnum":{"a":"FOO","b":7}}"#, #"{"mapInt32Double":{"1":"NaN","2":0.5}}"#,
    ]
  )
  func keys(json: String) throws {
    #expect(try AllTypes(json: json).json() == json)
  }

  @Test("accept escapes in keys")
  func escapedKeys() throws {
    #expect(try AllTypes(json: #"{"mapInt32Int32":{"\u0031":2}}"#).mapInt32Int32 == [1: 2])
    #expect(try AllTypes(json: #"{"mapBoolBool":{"tr\u0075e":true}}"#).mapBoolBool == [true: true])
  }

  @Test(
    "refuse keys that are not of the type",
    arguments: [
      #"{"mapInt32Int32":{"x":1}}"#, #"{"mapInt32Int32":{"2147483648":1}}"#, #"{"mapUint32Uint32":{"-1":1}}"#,
      #"{"mapBoolBool":{"True":true}}"#, #"{"mapInt32Int32":{"":1}}"#,
    ]
  )
  func badKeys(json: String) throws {
    let error = #expect(throws: MessageError.self) { try AllTypes(json: json) }
    #expect(try #require(error).kind == .unexpectedValue)
  }

  @Test("refuse a key given twice, and do not reveal it")
  func duplicateKeys() {
    #expect(throws: MessageError(.duplicateField, "$.mapStringString[1]")) {
      try AllTypes(json: #"{"mapStringString":{"secret":"a","secret":"b"}}"#)
    }
  }
}
