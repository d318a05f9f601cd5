import Messages
import TestAPI
import Testing

@Suite("JSON numbers, booleans and bytes")
struct JSONScalarTests {
  @Test("have 64-bit integers as strings and all others as numbers")
  func written() throws {
    let message = TestingV1.Scalars(
      doubleValue: 0.1,
      floatValue: 0.1,
      int32Value: .min,
      int64Value: .min,
      uint32Value: .max,
      uint64Value: .max,
      sint32Value: -5,
      sint64Value: -6,
      fixed32Value: 7,
      fixed64Value: 8,
      sfixed32Value: -9,
      sfixed64Value: -10,
      boolValue: true,
      stringValue: "text",
      bytesValue: [0xfb, 0xff],
      colour: .red
    )
    let json = """
      {"doubleValue":0.1,"floatValue":0.1,"int32Value":-2147483648,"int64Value":"-9223372036854775808",\
      "uint32Value":4294967295,"uint64Value":"18446744073709551615","sint32Value":-5,"sint64Value":"-6",\
      "fixed32Value":7,"fixed64Value":"8","sfixed32Value":-9,"sfixed64Value":"-10","boolValue":true,\
      "stringValue":"text","bytesValue":"+/8=","colour":"COLOUR_RED"}
      """
    #expect(try message.json() == json)
    #expect(try TestingV1.Scalars(json: json) == message)
  }

  @Test(
    "accept an integer in every notation of a number, in quotes or not",
    arguments: [
      "100000", "100000.000", "1e5", "1E+5", "1000000e-1", "0.1e6", "\"100000\"", "\"1e5\"", "\"\\u003100000\"",
    ]
  )
  func integerNotations(text: String) throws {
    #expect(try AllTypes(json: "{\"optionalInt32\":\(text)}").optionalInt32 == 100_000)
    #expect(try AllTypes(json: "{\"optionalUint64\":\(text)}").optionalUint64 == 100_000)
    #expect(try AllTypes(json: "{\"optionalSfixed64\":\(text)}").optionalSfixed64 == 100_000)
  }

  @Test("keep every bit of a 64-bit integer")
  func exactIntegers() throws {
    #expect(try AllTypes(json: #"{"optionalInt64":9223372036854775807}"#).optionalInt64 == .max)
    #expect(try AllTypes(json: #"{"optionalInt64":-9223372036854775808}"#).optionalInt64 == .min)
    #expect(try AllTypes(json: #"{"optionalUint64":18446744073709551615}"#).optionalUint64 == .max)
    #expect(try AllTypes(json: #"{"optionalInt64":"9.223372036854775807e18"}"#).optionalInt64 == .max)
  }

  @Test(
    "refuse an integer that is out of range or has a fraction",
    arguments: [
      #"{"optionalInt32":2147483648}"#, #"{"optionalInt32":-2147483649}"#, #"{"optionalUint32":4294967296}"#,
      #"{"optionalUint32":-1}"#, #"{"optionalInt64":"9223372036854775808"}"#, #"{"optionalInt32":0.5}"#,
      #"{"optionalInt64":"-9223372036854775809"}"#, #"{"optionalUint64":"18446744073709551616"}"#,
      #"{"optionalInt64":1e19}"#, #"{"optionalInt64":1e99999999999999999999}"#, #"{"optionalInt64":1e-1}"#,
    ]
  )
  func integersOutOfRange(json: String) {
    #expect(throws: MessageError.self) { try AllTypes(json: json) }
  }

  @Test(
    "refuse invalid numbers",
    arguments: [
      "\" 1\"", "\"1 \"", "\"\"", "\"3x3\"", "true", "{}", "[]", "+1", "01", "-01", "1.", ".5", "1e", "-", "NaN",
    ]
  )
  func notNumbers(text: String) {
    for field in ["optionalInt32", "optionalUint64", "optionalDouble", "optionalFloat"] {
      #expect(throws: MessageError.self) { try AllTypes(json: "{\"\(field)\":\(text)}") }
    }
  }

  @Test("write floating point numbers in the fewest digits that read back the same")
  func floatingPoint() throws {
    let values: [Double] = [
      1, -0.0, 0.1, 1e22, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456_789_012_345_680,
    ]
    let message = AllTypes(repeatedDouble: values)
    let json = #"{"repeatedDouble":[1,-0,0.1,1e+22,1e-07,5e-324,1.7976931348623157e+308,1.2345678901234568e+17]}"#
    #expect(try message.json() == json)
    #expect(try AllTypes(json: json).repeatedDouble.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("have names for infinities and NaN")
  func notFinite() throws {
    let json = #"{"repeatedFloat":["NaN","Infinity","-Infinity"],"optionalDouble":"NaN"}"#
    let message = try AllTypes(json: json)
    #expect(message.optionalDouble.isNaN)
    #expect(message.repeatedFloat[0].isNaN)
    #expect(message.repeatedFloat[1...] == [.infinity, -.infinity])
    #expect(try message.json() == #"{"optionalDouble":"NaN","repeatedFloat":["NaN","Infinity","-Infinity"]}"#)
  }

  @Test("refuse a floating point number that is too large")
  func floatingPointOutOfRange() {
    for json in [#"{"optionalFloat":3.502823e+38}"#, #"{"optionalDouble":"-1.89769e+308"}"#] {
      #expect(throws: MessageError.self) { try AllTypes(json: json) }
    }
  }

  @Test("know booleans only as true and false", arguments: ["0", "1", "\"true\"", "True", "tru", "FALSE"])
  func booleans(text: String) {
    #expect(throws: MessageError.self) { try AllTypes(json: "{\"optionalBool\":\(text)}") }
  }

  @Test(
    "accept both alphabets of base64, padded or not",
    arguments: [
      ("AQI=", [1, 2]), ("AQI", [1, 2]), ("-_8", [0xfb, 0xff]), ("+/8=", [0xfb, 0xff]), ("-_", [0xfb]), ("", []),
      ("AQIDBA==", [1, 2, 3, 4]),
    ] as [(String, [UInt8])]
  )
  func base64(text: String, bytes: [UInt8]) throws {
    #expect(try AllTypes(json: "{\"optionalBytes\":\"\(text)\"}").optionalBytes == bytes)
  }

  @Test("refuse other text for bytes", arguments: ["A", "AQI==", "AQ=", "A Q I", "AQ=I", "====", "é"])
  func notBase64(text: String) {
    #expect(throws: MessageError(.unexpectedValue, "$.optionalBytes")) {
      try AllTypes(json: "{\"optionalBytes\":\"\(text)\"}")
    }
  }
}
