import CommonProto
import Messages
import TestAPI
import Testing

@Suite("JSON limits")
struct JSONLimitTests {
  private func nested(_ depth: Int) -> String {
    String(repeating: #"{"recursiveMessage":"#, count: depth) + "{}" + String(repeating: "}", count: depth)
  }

  @Test("allow 100 messages inside each other and no more, like the wire format")
  func depth() throws {
    let message = try AllTypes(json: nested(100))
    #expect(try message.json() == nested(100))
    let error = #expect(throws: MessageError.self) { try AllTypes(json: nested(101)) }
    #expect(try #require(error).kind == .tooDeep)
  }

  @Test("can be set lower")
  func lowerDepth() throws {
    let limits = JSONDecodingOptions(limits: DecodingLimits(depth: 2))
    #expect(throws: Never.self) { try AllTypes(json: nested(2), options: limits) }
    #expect(throws: MessageError.self) { try AllTypes(json: nested(3), options: limits) }
    let message = try AllTypes(json: nested(3))
    #expect(throws: MessageError.self) { try message.json(options: JSONEncodingOptions(depth: 2)) }
  }

  @Test(
    "hold for every kind of nesting",
    arguments: [
      (#"{"unknown":"#, "[", "]"), (#"{"optionalValue":"#, "[", "]"), (#"{"optionalStruct":{"a":"#, #"{"a":"#, "}"),
      (#"{"optionalAny":{"x":"#, "[", "]"), (#"{"optionalInt32":"#, "[", "]"),
    ]
  )
  func everyNesting(start: String, open: String, close: String) {
    let depth = 100_000
    let json = start + String(repeating: open, count: depth) + String(repeating: close, count: depth) + "}"
    #expect(throws: MessageError.self) {
      try AllTypes(json: json, options: JSONDecodingOptions(ignoresUnknownFields: true))
    }
  }

  @Test("hold for messages inside of Any, which no decoder has looked at")
  func nestedAny() throws {
    var any = GoogleProtobuf.AnyMessage()
    for _ in 0..<200 {
      any = GoogleProtobuf.AnyMessage(
        typeUrl: "type.googleapis.com/google.protobuf.Any",
        value: try any.serializedBytes()
      )
    }
    let error = #expect(throws: MessageError.self) { try any.json() }
    #expect(try #require(error).kind == .tooDeep)
  }

  @Test("refuse JSON that is too long, and messages that need too much memory")
  func size() throws {
    let json = #"{"repeatedInt32":[1,2,3,4,5,6,7,8,9,10]}"#
    let short = JSONDecodingOptions(bytesMaximum: json.utf8.count - 1)
    #expect(throws: MessageError(.tooLarge, "$")) { try AllTypes(json: json, options: short) }
    let poor = JSONDecodingOptions(limits: DecodingLimits(arenaBytes: 5))
    #expect(throws: MessageError(.tooLarge, "$.repeatedInt32")) { try AllTypes(json: json, options: poor) }
    #expect(throws: MessageError(.tooLarge, "$")) {
      try AllTypes(json: json).json(options: JSONEncodingOptions(bytesMaximum: json.utf8.count - 1))
    }
    #expect(try AllTypes(json: json).json(options: JSONEncodingOptions(bytesMaximum: json.utf8.count)) == json)
  }

  @Test("never crash on JSON that was cut off or changed anywhere")
  func mutations() throws {
    let json = Array(
      """
      {"optionalAny":{"@type":"type.googleapis.com/google.protobuf.Struct","value":{"a":[1e2,"\\u00e4"]}},
      "mapInt32Int32":{"1":2},"optionalTimestamp":"2024-02-29T00:00:00.5+01:00","optionalDuration":"-1.5s"}
      """.utf8
    )
    #expect(throws: Never.self) { try AllTypes(jsonBytes: json) }
    for position in json.indices {
      #expect(throws: MessageError.self) { try AllTypes(jsonBytes: Array(json[..<position])) }
      for byte in Array("\"\\{}[],:0-e.Z ".utf8) + [0, 0x80, 0xff] {
        var changed = json
        changed[position] = byte
        if let message = try? AllTypes(jsonBytes: changed) { _ = try? message.jsonBytes() }
      }
    }
  }
}
