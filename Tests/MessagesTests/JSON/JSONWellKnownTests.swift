import CommonProto
import Messages
import TestAPI
import Testing

@Suite("JSON of well-known types")
struct JSONWellKnownTests {
  @Test(
    "has timestamps in UTC with 0, 3, 6 or 9 digits",
    arguments: [
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("1970-01-01T00:00:00Z", 0, 0),
      ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999), ("1969-12-31T23:59:59.500Z", -1, 500_000_000),
      ("2024-02-29T12:34:56.000010Z", 1_709_210_096, 10_000), ("2000-03-01T00:00:00.000000001Z", 951_868_800, 1),
      ("1900-02-28T23:59:59Z", -2_203_891_201, 0),
    ] as [(String, Int64, Int32)]
  )
  func timestamps(text: String, seconds: Int64, nanos: Int32) throws {
    let timestamp = GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos)
    #expect(try timestamp.json() == "\"\(text)\"")
    #expect(try GoogleProtobuf.Timestamp(json: "\"\(text)\"") == timestamp)
  }

  @Test("accepts timestamps with an offset and any number of digits")
  func timestampOffsets() throws {
    for text in ["1970-01-01T08:00:01+08:00", "1969-12-31T16:00:01.0-08:00", "1970-01-01T00:00:01.000Z"] {
      #expect(try GoogleProtobuf.Timestamp(json: "\"\(text)\"") == GoogleProtobuf.Timestamp(seconds: 1))
    }
  }

  @Test(
    "refuses other timestamps",
    arguments: [
      "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00", "0001-01-01 00:00:00Z", "1-1-1T0:0:0Z",
      "0001-01-01T00:00:00z", "0001-01-01t00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "",
      "2023-13-01T00:00:00Z", "2023-04-31T00:00:00Z", "2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z",
      "1970-01-01T08:00:01+0800", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.0000000001Z",
      "0001-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01", "1970-01-01T00:00:00ZZ", "1970-01-01T00:00:00+08:0x",
    ]
  )
  func badTimestamps(text: String) {
    #expect(throws: MessageError(.unexpectedValue, "$")) { try GoogleProtobuf.Timestamp(json: "\"\(text)\"") }
  }

  @Test(
    "has durations in seconds with 0, 3, 6 or 9 digits",
    arguments: [
      ("1s", 1, 0), ("-1.500s", -1, -500_000_000), ("-0.500s", 0, -500_000_000), ("1.000010s", 1, 10_000),
      ("315576000000.999999999s", 315_576_000_000, 999_999_999), ("0.000000001s", 0, 1), ("0s", 0, 0),
    ] as [(String, Int64, Int32)]
  )
  func durations(text: String, seconds: Int64, nanos: Int32) throws {
    let duration = GoogleProtobuf.Duration(seconds: seconds, nanos: nanos)
    #expect(try duration.json() == "\"\(text)\"")
    #expect(try GoogleProtobuf.Duration(json: "\"\(text)\"") == duration)
  }

  @Test(
    "refuses other durations",
    arguments: [
      "1", "s", "-s", "1.s", ".5s", "+1s", "1 s", "1.0000000001s", "315576000001s", "-315576000001.0s", "1e3s",
    ]
  )
  func badDurations(text: String) {
    #expect(throws: MessageError(.unexpectedValue, "$")) { try GoogleProtobuf.Duration(json: "\"\(text)\"") }
  }

  @Test("refuses to write times that the types do not have")
  func timesOutOfRange() {
    let error = MessageError(.notRepresentable, "$")
    for (seconds, nanos) in [(-62_135_596_801, 0), (253_402_300_800, 0), (0, -1), (0, 1_000_000_000)]
      as [(Int64, Int32)]
    {
      #expect(throws: error) { try GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos).json() }
    }
    for (seconds, nanos) in [(315_576_000_001, 0), (1, -1), (-1, 1), (0, 1_000_000_000)] as [(Int64, Int32)] {
      #expect(throws: error) { try GoogleProtobuf.Duration(seconds: seconds, nanos: nanos).json() }
    }
  }

  @Test("has field masks as paths in lowerCamelCase")
  func fieldMasks() throws {
    let mask = GoogleProtobuf.FieldMask(paths: ["foo", "bar_baz.qux_quux"])
    #expect(try mask.json() == #""foo,barBaz.quxQuux""#)
    #expect(try GoogleProtobuf.FieldMask(json: mask.json()) == mask)
    #expect(try GoogleProtobuf.FieldMask(json: "\"\"") == GoogleProtobuf.FieldMask())
    for path in ["fooBar", "foo_3_bar", "foo__bar", "foo_", ""] {
      #expect(throws: MessageError(.notRepresentable, "$")) { try GoogleProtobuf.FieldMask(paths: [path]).json() }
    }
    for text in ["foo,bar_bar", "foo,", ",", "foo bar"] {
      #expect(throws: MessageError(.unexpectedValue, "$")) { try GoogleProtobuf.FieldMask(json: "\"\(text)\"") }
    }
  }

  @Test("has wrappers as their values, and absent ones as null")
  func wrappers() throws {
    let json = """
      {"optionalBoolWrapper":false,"optionalInt32Wrapper":0,"optionalInt64Wrapper":"1","optionalUint32Wrapper":1,\
      "optionalUint64Wrapper":"0","optionalFloatWrapper":0.5,"optionalDoubleWrapper":"NaN","optionalStringWrapper":"",\
      "optionalBytesWrapper":"AQI=","repeatedStringWrapper":["","x"]}
      """
    #expect(try AllTypes(json: json).json() == json)
    #expect(throws: MessageError(.unexpectedValue, "$.repeatedInt32Wrapper[0]")) {
      try AllTypes(json: #"{"repeatedInt32Wrapper":[null]}"#)
    }
  }

  @Test(
    "has structures, lists and values as any JSON",
    arguments: [
      #"{"optionalStruct":{"a":null,"b":1.5,"c":true,"d":"x","e":[1,[],{}],"f":{"g":0}}}"#, #"{"optionalStruct":{}}"#,
      #"{"optionalValue":null}"#, #"{"optionalValue":0}"#, #"{"optionalValue":""}"#, #"{"optionalValue":false}"#,
      #"{"optionalValue":[]}"#, #"{"optionalValue":{}}"#,
      #"{"repeatedValue":[null,["a"]],"repeatedListValue":[[null]]}"#,
    ]
  )
  func anyJSON(json: String) throws {
    #expect(try AllTypes(json: json).json() == json)
  }

  @Test("refuses a structure that is no object or has a key twice, and numbers that JSON does not have")
  func badValues() {
    for json in [#"{"optionalStruct":[]}"#, #"{"repeatedListValue":[{}]}"#, #"{"optionalStruct":{"a":1,"a":2}}"#] {
      #expect(throws: MessageError.self) { try AllTypes(json: json) }
    }
    for number in [Double.nan, .infinity] {
      #expect(throws: MessageError(.notRepresentable, "$")) {
        try GoogleProtobuf.Value(kind: .numberValue(number)).json()
      }
    }
  }

  @Test("has a value of no kind as null and an empty message as an empty object")
  func emptyOnes() throws {
    #expect(try GoogleProtobuf.Value().json() == "null")
    #expect(try GoogleProtobuf.Empty().json() == "{}")
  }
}
