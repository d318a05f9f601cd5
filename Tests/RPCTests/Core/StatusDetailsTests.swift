import SeededRandomness
import Testing

@testable import RPC

@Suite("Status details (row 5)")
struct StatusDetailsTests {
  static let all = StatusDetails(
    code: .invalidArgument,
    message: "naïve",
    details: [
      .errorInfo(ErrorInfo(reason: "R", domain: "d.patron", metadata: ["a": "1", "b": "2"])),
      .badRequest(BadRequest(fieldViolations: [.init(field: "lines[2].quantity", description: "d", reason: "X")])),
      .retryInfo(RetryInfo(retryDelay: .seconds(3) + .nanoseconds(5))),
      .quotaFailure(QuotaFailure(violations: [.init(subject: "s", description: "d")])),
      .preconditionFailure(PreconditionFailure(violations: [.init(type: "T", subject: "s", description: "d")])),
      .other(typeURL: "type.googleapis.com/x.Y", value: [1, 2, 3]),
    ]
  )

  @Test("Every kind of detail survives")
  func roundTrip() throws { #expect(try StatusDetails(wire: Self.all.serialized) == Self.all) }

  @Test("The bytes are those of google.rpc.Status")
  func bytes() {
    let status = StatusDetails(code: .notFound, message: "m", details: [])
    #expect(status.serialized == [0x08, 0x05, 0x12, 0x01, 0x6d])
  }

  @Test("Damaged bytes are an error or another value, never a crash", arguments: SeededRandom.several)
  func damaged(_ random: SeededRandom) {
    var random = random
    for _ in 0..<500 {
      var bytes = Self.all.serialized
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? StatusDetails(wire: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
    }
  }

  @Test(
    "Tags and lengths of more than five bytes, and field number 0, are malformed",
    arguments: [
      [0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x05], [0x12, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x6d], [0x00, 0x05],
      [0xff, 0xff, 0xff, 0xff, 0x7f, 0x05],
    ] as [[UInt8]]
  )
  func overlong(_ bytes: [UInt8]) {
    #expect(throws: WireReader.Malformed.self) { try StatusDetails(wire: bytes) }
  }

  @Test("A retry delay beyond what a Duration holds becomes the longest that the type has")
  func endlessDelay() throws {
    for (seconds, longest) in [(Int64.max, 315_576_000_000), (Int64.min, -315_576_000_000)] as [(Int64, Int64)] {
      var writer = WireWriter()
      writer.message(1) {
        $0.integer(1, seconds)
        $0.integer(2, seconds < 0 ? Int64(Int32.min) : Int64(Int32.max))
      }
      let detail = ErrorDetail(typeURL: "type.googleapis.com/google.rpc.RetryInfo", value: writer.bytes[...])
      #expect(detail == .retryInfo(RetryInfo(retryDelay: .seconds(longest))))
      #expect(StatusDetails(code: .unavailable, message: "", details: [detail]).serialized.isEmpty == false)
    }
  }

  @Test("An unreadable detail is kept as it is")
  func unreadable() {
    let detail = ErrorDetail(typeURL: "type.googleapis.com/google.rpc.ErrorInfo", value: [0x0a, 0xff])
    #expect(detail == .other(typeURL: "type.googleapis.com/google.rpc.ErrorInfo", value: [0x0a, 0xff]))
  }

  @Test("A path is built once from service and method")
  func path() {
    let method = MethodDescriptor(service: "a.B", name: "C", kind: .unary)
    #expect(method.path == "/a.B/C")
    #expect(method.fullName == "a.B/C")
  }
}
