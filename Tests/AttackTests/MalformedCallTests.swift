import Messages
import SeededRandomness
import TestAPI
import Testing

extension Attacks {
  /// Calls that are valid HTTP/2 and invalid gRPC: each gets its status (rpc.md rows 2, 3, 5, 6, 7 and 9), and the
  /// connection continues.
  @Suite("Malformed calls")
  struct MalformedCallTests {
    struct Case: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var fields: [HeaderBlock.Field]
      var body: [UInt8]
      /// The `grpc-status`, or above 100 the HTTP status.
      var status: Int

      init(
        _ description: String,
        _ extra: [HeaderBlock.Field] = [],
        path: String = "Echo",
        without name: String = "",
        body: [UInt8] = message([]),
        _ status: Int
      ) {
        testDescription = description
        fields = HeaderBlock.call(path).filter { $0.name != name } + extra
        self.body = body
        self.status = status
      }
    }

    private enum Status {
      static let invalidArgument = 3
      static let resourceExhausted = 8
      static let unimplemented = 12
      static let internalError = 13
    }

    private static func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test(
      "Broken calls get the status that the specification gives",
      arguments: [
        Case("no message", body: [], Status.unimplemented),
        Case("two messages", body: message([]) + message([]), Status.unimplemented),
        Case("an end inside the prefix", body: [0, 0, 0], Status.internalError),
        Case("an end inside a message", body: message([1, 2], length: 9), Status.internalError),
        Case("a message longer than its prefix says", body: message([10, 1, 97, 0], length: 3), Status.internalError),
        Case("a prefix that claims 4 GiB", body: message([], length: 0xffff_ffff), Status.resourceExhausted),
        Case("a prefix of 4 MiB and a byte", body: message([], length: (4 << 20) + 1), Status.resourceExhausted),
        Case("a flag that is neither 0 nor 1", body: message([], flag: 2), Status.internalError),
        Case("a compressed message without grpc-encoding", body: message([1, 2], flag: 1), Status.internalError),
        Case(
          "a compressed message under identity",
          [("grpc-encoding", "identity")],
          body: message([1, 2], flag: 1),
          Status.internalError
        ),
        Case(
          "gzip that is none",
          [("grpc-encoding", "gzip")],
          body: message([1, 2, 3], flag: 1),
          Status.internalError
        ),
        Case(
          "gzip that is cut short",
          [("grpc-encoding", "gzip")],
          body: message(Array(Gzip.zeros(1000).dropLast(9)), flag: 1),
          Status.internalError
        ),
        Case(
          "gzip with a wrong checksum",
          [("grpc-encoding", "gzip")],
          body: message(Array(Gzip.zeros(1000).dropLast(8)) + [1, 2, 3, 4, 0xe8, 3, 0, 0], flag: 1),
          Status.internalError
        ),
        Case("an encoding that nobody knows", [("grpc-encoding", "snappy")], Status.unimplemented),
        Case("no protocol buffer", body: message([0xff, 0xff, 0xff]), Status.invalidArgument),
        Case("a field longer than the message", body: message([10, 100, 97]), Status.invalidArgument),
        Case("text that is not UTF-8", body: message([10, 1, 0xff]), Status.invalidArgument),
        Case("a time-out of nine digits", [("grpc-timeout", "123456789n")], Status.internalError),
        Case("a time-out without a unit", [("grpc-timeout", "5")], Status.internalError),
        Case("a time-out without a number", [("grpc-timeout", "S")], Status.internalError),
        Case("a negative time-out", [("grpc-timeout", "-1S")], Status.internalError),
        Case("a time-out of a fraction", [("grpc-timeout", "1.5S")], Status.internalError),
        Case("a time-out of an unknown unit", [("grpc-timeout", "1s")], Status.internalError),
        Case("an empty time-out", [("grpc-timeout", "")], Status.internalError),
        Case("a binary value that is not base64", [("data-bin", "!!!!")], Status.internalError),
        Case("a binary value with a digit too many", [("data-bin", "AAAAA")], Status.internalError),
        Case("a binary value with padding in it", [("data-bin", "AA==AAAA")], Status.internalError),
        Case("an unknown method", path: "Nothing", Status.unimplemented),
        Case("a header list of 20 KiB", [("large", text(20_000))], Status.resourceExhausted),
        Case("500 header fields", [HeaderBlock.Field](repeating: ("a", "b"), count: 500), Status.resourceExhausted),
        Case("no content-type", without: "content-type", 415),
        Case("another content-type", [("content-type", "text/json")], without: "content-type", 415),
        Case("no te", without: "te", 415),
      ]
    )
    func status(_ broken: Case) throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(HeaderFrames.bytes(1, HeaderBlock.literal(broken.fields)))
      attacker.send(.data(1, broken.body, endStream: true))
      guard case .fields(let fields) = try attacker.answer(1) else {
        Issue.record("the call was reset")
        return
      }
      if broken.status > 100 {
        #expect(fields[":status"] == "\(broken.status)")
      } else {
        #expect(fields["grpc-status"] == "\(broken.status)")
      }
      if broken.testDescription.contains("nobody knows") { #expect(fields["grpc-accept-encoding"] == "identity,gzip") }
      try SharedTarget.expectCall(on: attacker, stream: 3)
    }

    @Test(
      "Fields of a request that mean nothing there are passed over, however broken",
      arguments: [
        ("grpc-message", "%zz%"), ("grpc-status", "seventeen"), ("grpc-status-details-bin", "!!!!"),
        ("grpc-retry-pushback-ms", "-"), ("grpc-accept-encoding", ",,;q=x"), ("user-agent", "\u{ff}"), ("a", "%zz"),
      ]
    )
    func passedOver(_ name: String, _ value: String) throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(.headers(1, block: HeaderBlock.literal(HeaderBlock.call("Echo", [(name, value)]))))
      attacker.send(.data(1, message([]), endStream: true))
      guard case .fields(let fields) = try attacker.answer(1) else {
        Issue.record("the call was reset")
        return
      }
      #expect(fields["grpc-status"] == "0")
    }

    @Test("Random bodies get a status, never silence, and harm no other", arguments: SeededRandom.several)
    func randomBodies(_ seed: SeededRandom) throws {
      var random = seed
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      var stream: UInt32 = 1
      for _ in 0..<300 {
        let method = ["Echo", "Expand", "Collect", "Chat"].randomElement(using: &random) ?? "Echo"
        let encoding: [HeaderBlock.Field] = Bool.random(using: &random) ? [("grpc-encoding", "gzip")] : []
        let bytes = (0..<Int.random(in: 0...30, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let flag = UInt8.random(in: 0...1, using: &random)
        let body = Bool.random(using: &random) ? bytes : message(bytes, flag: flag)
        attacker.send(.headers(stream, block: HeaderBlock.literal(HeaderBlock.call(method, encoding))))
        attacker.send(.data(stream, body, endStream: true))
        guard case .fields(let fields) = try attacker.answer(stream) else {
          Issue.record("the call was reset")
          return
        }
        #expect(fields["grpc-status"] != nil)
        stream += 2
      }
      try SharedTarget.expectCall(on: attacker, stream: stream)
    }
  }
}
