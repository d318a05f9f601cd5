import CommonProto
import Foundation
import Messages
import TestAPI
import Testing

@testable import protobuf_testee

@Suite("Protobuf testee")
struct TesteeTests {
  private typealias Request = Conformance.ConformanceRequest
  private static let typeName = "protobuf_test_messages.proto3.TestAllTypesProto3"

  private func result(
    _ payload: Request.OneOfPayload?,
    as format: Conformance.WireFormat = .protobuf,
    type: String = typeName,
    category: Conformance.TestCategory = .unspecifiedTest
  ) -> Testee.Result? {
    let request = Request(
      payload: payload,
      requestedOutputFormat: format,
      messageType_: type,
      testCategory: category
    )
    return Testee().response(to: request).result
  }

  @Test("reads and writes both formats")
  func formats() throws {
    let bytes = Wire().varint(1, 5).bytes
    let json = #"{"optionalInt32":5}"#
    #expect(result(.protobufPayload(bytes)) == .protobufPayload(bytes))
    #expect(result(.protobufPayload(bytes), as: .json) == .jsonPayload(json))
    #expect(result(.jsonPayload(json)) == .protobufPayload(bytes))
    #expect(result(.jsonPayload(json), as: .json) == .jsonPayload(json))
  }

  @Test(
    "reads binary input by the rules of the format",
    arguments: [
      ("the last value counts", Wire().varint(1, 1).varint(1, 2), #"{"optionalInt32":2}"#),
      (
        "messages given twice are merged",
        Wire().message(18, Wire().varint(1, 1)).message(18, Wire().message(2, Wire().varint(1, 2))),
        #"{"optionalNestedMessage":{"a":1,"corecursive":{"optionalInt32":2}}}"#
      ),
      (
        "messages in a oneof are merged too",
        Wire().message(112, Wire().varint(1, 1)).message(112, Wire().message(2, Wire().varint(1, 2))),
        #"{"oneofNestedMessage":{"a":1,"corecursive":{"optionalInt32":2}}}"#
      ),
      (
        "but not over another member",
        Wire().message(112, Wire().varint(1, 1)).varint(111, 3).message(112, Wire()), #"{"oneofNestedMessage":{}}"#
      ),
      ("packed lists may come unpacked", Wire().varint(75, 1).varint(75, 2), #"{"packedInt32":[1,2]}"#),
      ("and unpacked ones packed", Wire().bytes(89, [1, 2]).varint(89, 3), #"{"unpackedInt32":[1,2,3]}"#),
      (
        "maps may lack a key or a value", Wire().message(56, Wire().varint(2, 4)).message(71, Wire().text(1, "k")),
        #"{"mapInt32Int32":{"0":4},"mapStringNestedMessage":{"k":{}}}"#
      ),
      (
        "numbers are cut to their width", Wire().varint(1, 1 << 33 | 5).varint(13, 1 << 40),
        #"{"optionalInt32":5,"#
          + #""optionalBool":true}"#
      ),
      ("unknown fields are not shown", Wire().varint(501, 1).text(502, "x"), "{}"),
    ]
  )
  func binaryRules(name: String, wire: Wire, json: String) {
    #expect(result(.protobufPayload(wire.bytes), as: .json) == .jsonPayload(json), "\(name)")
  }

  @Test(
    "refuses the illegal tags of the suite",
    arguments: [
      ("BadTag_FieldNumberTooHigh", [0x80, 0x80, 0x80, 0x80, 0x80, 0x0f]),
      ("BadTag_FieldNumberSlightlyTooHigh", [0x80, 0x80, 0x80, 0x40]),
      ("BadTag_OverlongVarint", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
      ("BadTag_VarintMoreThanTenBytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
    ] as [(String, [UInt8])]
  )
  func illegalTags(name: String, rest: [UInt8]) {
    guard case .parseError? = result(.protobufPayload([0x88] + rest + [0xd2, 0x09])) else {
      Issue.record("\(name) was read")
      return
    }
  }

  @Test("tells what cannot be read from what cannot be written")
  func failures() {
    let late = AllTypes(optionalTimestamp: GoogleProtobuf.Timestamp(seconds: .max))
    for input: Request.OneOfPayload in [.protobufPayload([0]), .jsonPayload("{"), .jsonPayload(#"{"unknown":1}"#)] {
      guard case .parseError? = result(input) else {
        Issue.record("\(input) was read")
        continue
      }
    }
    guard case .serializeError? = (try? late.serializedBytes()).flatMap({ result(.protobufPayload($0), as: .json) })
    else {
      Issue.record("a time out of range was written")
      return
    }
  }

  @Test("ignores unknown fields when the test says so")
  func ignoring() {
    let json = #"{"unknown":1,"optionalInt32":5}"#
    let outcome = result(.jsonPayload(json), category: .jsonIgnoreUnknownParsingTest)
    #expect(outcome == .protobufPayload(Wire().varint(1, 5).bytes))
  }

  @Test("skips only unsupported formats")
  func skipped() {
    let outcomes = [
      result(.protobufPayload([]), type: "protobuf_test_messages.proto2.TestAllTypesProto2"),
      result(.protobufPayload([]), type: "protobuf_test_messages.editions.TestAllTypesEdition2023"),
      result(.protobufPayload([]), as: .textFormat), result(.protobufPayload([]), as: .jspb), result(.textPayload("")),
      result(.jspbPayload("")),
    ]
    for outcome in outcomes {
      guard case .skipped? = outcome else {
        Issue.record("\(String(describing: outcome)) is not skipped")
        continue
      }
    }
  }

  @Test("knows of no failing tests when the runner asks first")
  func failureSet() {
    #expect(result(.protobufPayload([]), type: "conformance.FailureSet") == .protobufPayload([]))
  }

  @Test("speaks in frames with their length in front, the lowest byte first")
  func frames() throws {
    let pipe = Pipe()
    let channel = FrameChannel(
      input: pipe.fileHandleForReading.fileDescriptor,
      output: pipe.fileHandleForWriting.fileDescriptor
    )
    let frame = [UInt8](repeating: 7, count: 300)
    try channel.write(frame)
    try channel.write([])
    try pipe.fileHandleForWriting.write(contentsOf: [2, 0, 0, 0, 8, 9])
    #expect(try channel.read() == frame)
    #expect(try channel.read() == [])
    #expect(try channel.read() == [8, 9])
    try pipe.fileHandleForWriting.write(contentsOf: [5, 0, 0, 0, 1])
    try pipe.fileHandleForWriting.close()
    #expect(throws: FrameChannel.Failure.self) { try channel.read() }
    #expect(try channel.read() == nil)
  }
}
