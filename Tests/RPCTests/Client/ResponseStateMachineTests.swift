import Testing

@testable import RPC

@Suite("Response stream: headers, messages, trailers")
struct ResponseStateMachineTests {
  private func block(_ fields: KeyValuePairs<String, String>) -> ResponseHeaderBlock {
    var block = ResponseHeaderBlock()
    for (name, value) in fields {
      Array(name.utf8).withUnsafeBytes { name in
        Array(value.utf8).withUnsafeBytes { value in block.add(name: name, value: value) }
      }
    }
    return block
  }

  private var grpcHeaders: ResponseHeaderBlock { block([":status": "200", "content-type": "application/grpc+proto"]) }

  private func opened(expectsOneMessage: Bool = true, messages: Int = 0) -> ResponseStateMachine {
    var machine = ResponseStateMachine(expectsOneMessage: expectsOneMessage)
    _ = machine.received(grpcHeaders, endsStream: false)
    for _ in 0..<messages { _ = machine.receivedMessage() }
    return machine
  }

  private func ending(_ action: ResponseStateMachine.HeadersAction) -> AttemptOutcome? {
    switch action {
    case .end(let outcome), .endAndReset(let outcome): outcome
    case .none, .open: nil
    }
  }

  @Test("headers, one message and trailers with status 0 succeed")
  func succeeds() throws {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    guard case .open = machine.received(grpcHeaders, endsStream: false) else {
      Issue.record("the headers did not open the response")
      return
    }
    guard case .deliver = machine.receivedMessage() else {
      Issue.record("the message was not delivered")
      return
    }
    let outcome = try #require(ending(machine.received(block(["grpc-status": "0", "x": "y"]), endsStream: true)))
    #expect(outcome.error == nil)
    #expect(outcome.trailers["x"] == "y")
  }

  @Test("informational headers before the real ones mean nothing")
  func informational() {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    guard case .none = machine.received(block([":status": "103"]), endsStream: false) else {
      Issue.record("103 was taken for the response")
      return
    }
    guard case .open = machine.received(grpcHeaders, endsStream: false) else {
      Issue.record("the headers did not open the response")
      return
    }
  }

  @Test("trailers-only gives the status, percent-decoded message and metadata")
  func trailersOnly() throws {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    let fields = block([
      ":status": "200", "content-type": "application/grpc", "grpc-status": "5", "grpc-message": "caf%C3%A9", "a": "b",
    ])
    let error = try #require(ending(machine.received(fields, endsStream: true))?.error)
    #expect(error.code == .notFound)
    #expect(error.message == "café")
    #expect(error.metadata["a"] == "b")
  }

  @Test("a unary response without a message is INTERNAL")
  func noMessage() throws {
    var machine = opened()
    let error = try #require(ending(machine.received(block(["grpc-status": "0"]), endsStream: true))?.error)
    #expect(error.code == .internalError)
    #expect(error.info?.reason == "WRONG_CARDINALITY")
  }

  @Test("trailers-only with status 0 has no message either: INTERNAL")
  func trailersOnlySuccess() throws {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    let fields = block([":status": "200", "content-type": "application/grpc", "grpc-status": "0"])
    #expect(ending(machine.received(fields, endsStream: true))?.error?.code == .internalError)
  }

  @Test("a second message to a unary call is INTERNAL and resets the stream")
  func twoMessages() {
    var machine = opened(messages: 1)
    guard case .endAndReset(let outcome) = machine.receivedMessage() else {
      Issue.record("the second message was accepted")
      return
    }
    #expect(outcome.code == .internalError)
  }

  @Test("a stream of responses may have any number of messages, none included")
  func streaming() throws {
    var none = opened(expectsOneMessage: false)
    #expect(try #require(ending(none.received(block(["grpc-status": "0"]), endsStream: true))).error == nil)
    var many = opened(expectsOneMessage: false, messages: 3)
    #expect(try #require(ending(many.received(block(["grpc-status": "0"]), endsStream: true))).error == nil)
  }

  @Test("an error status wins over wrong cardinality")
  func errorWithoutMessage() {
    var machine = opened()
    #expect(ending(machine.received(block(["grpc-status": "7"]), endsStream: true))?.code == .permissionDenied)
  }

  @Test(
    "an HTTP status without grpc-status maps by the specification's table",
    arguments: [
      ("400", StatusCode.internalError), ("401", .unauthenticated), ("403", .permissionDenied), ("404", .unimplemented),
      ("429", .unavailable), ("502", .unavailable), ("503", .unavailable), ("504", .unavailable), ("500", .unknown),
      ("418", .unknown),
    ]
  )
  func httpStatus(status: String, code: StatusCode) {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    let fields = block([":status": status, "content-type": "text/html"])
    guard case .endAndReset(let outcome) = machine.received(fields, endsStream: false) else {
      Issue.record("an HTTP error page was taken for a response")
      return
    }
    #expect(outcome.code == code)
  }

  @Test("grpc-status wins over the HTTP status")
  func statusWins() {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    let fields = block([":status": "503", "content-type": "application/grpc", "grpc-status": "8"])
    #expect(ending(machine.received(fields, endsStream: true))?.code == .resourceExhausted)
  }

  @Test("200 with a foreign content type is UNKNOWN", arguments: ["text/html", "application/grpc-web", ""])
  func foreignContentType(type: String) {
    var machine = ResponseStateMachine(expectsOneMessage: true)
    #expect(
      ending(machine.received(block([":status": "200", "content-type": type]), endsStream: false))?.code == .unknown
    )
  }

  @Test("trailers without a status are UNKNOWN")
  func missingStatus() {
    var machine = opened(messages: 1)
    #expect(ending(machine.received(block(["a": "b"]), endsStream: true))?.code == .unknown)
  }

  @Test("a status that is no known number is UNKNOWN and keeps its message", arguments: ["17", "abc", "-1", ""])
  func unreadableStatus(status: String) throws {
    var machine = opened(messages: 1)
    let fields = block(["grpc-status": status, "grpc-message": "hm"])
    let error = try #require(ending(machine.received(fields, endsStream: true))?.error)
    #expect(error.code == .unknown)
    #expect(error.message == "hm")
  }

  @Test("the details of a status are decoded")
  func details() throws {
    let sent = StatusDetails(
      code: .notFound,
      message: "m",
      details: [.errorInfo(ErrorInfo(reason: "NO_SUCH_MEMBER", domain: "members", metadata: ["id": "7"]))]
    )
    let encoded = String(decoding: BinaryMetadata.encode(sent.serialized), as: UTF8.self)
    var machine = opened()
    let fields = block(["grpc-status": "5", "grpc-message": "m", "grpc-status-details-bin": encoded])
    let error = try #require(ending(machine.received(fields, endsStream: true))?.error)
    #expect(error.info == ErrorInfo(reason: "NO_SUCH_MEMBER", domain: "members", metadata: ["id": "7"]))
  }

  @Test("details that are garbage do not hide the status", arguments: ["!!!", "AAAA", "CgD/"])
  func garbageDetails(text: String) throws {
    var machine = opened()
    let fields = block(["grpc-status": "5", "grpc-status-details-bin": text])
    let error = try #require(ending(machine.received(fields, endsStream: true))?.error)
    #expect(error.code == .notFound)
    #expect(error.details.isEmpty)
  }

  @Test("headers in the middle of messages are INTERNAL")
  func headersInTheMiddle() {
    var machine = opened(messages: 1)
    guard case .endAndReset(let outcome) = machine.received(block(["a": "b"]), endsStream: false) else {
      Issue.record("headers in the middle were accepted")
      return
    }
    #expect(outcome.code == .internalError)
  }

  @Test("a response that stops inside a message is INTERNAL, unless its status is an error")
  func truncated() {
    var success = opened(expectsOneMessage: false)
    let trailers = block(["grpc-status": "0"])
    #expect(ending(success.received(trailers, endsStream: true, insideMessage: true))?.code == .internalError)
    var failure = opened(expectsOneMessage: false)
    let failed = block(["grpc-status": "14"])
    #expect(ending(failure.received(failed, endsStream: true, insideMessage: true))?.code == .unavailable)
  }

  @Test("a stream that ends without trailers is INTERNAL")
  func noTrailers() {
    var machine = opened(messages: 1)
    #expect(machine.closed(.noError, isPastDeadline: false, requestWasSent: true)?.code == .internalError)
  }

  @Test(
    "RST_STREAM maps by the specification's table",
    arguments: [
      (HTTP2ErrorCode.noError, StatusCode.internalError), (.protocolError, .internalError),
      (.internalError, .internalError), (.flowControlError, .internalError), (.settingsTimeout, .internalError),
      (.frameSizeError, .internalError), (.refusedStream, .unavailable), (.cancel, .cancelled),
      (.compressionError, .internalError), (.connectError, .internalError), (.enhanceYourCalm, .resourceExhausted),
      (.inadequateSecurity, .permissionDenied), (HTTP2ErrorCode(rawValue: 99), .unknown),
    ]
  )
  func resets(code: HTTP2ErrorCode, status: StatusCode) {
    var machine = opened()
    #expect(machine.closed(code, isPastDeadline: false, requestWasSent: true)?.code == status)
  }

  @Test("REFUSED_STREAM proves that nothing was processed, other codes do not")
  func refusal() {
    var refused = opened()
    #expect(refused.closed(.refusedStream, isPastDeadline: false, requestWasSent: true)?.processing == .refused)
    var cancelled = opened()
    #expect(cancelled.closed(.cancel, isPastDeadline: false, requestWasSent: true)?.processing == .possible)
    var unsent = opened()
    #expect(unsent.closed(.refusedStream, isPastDeadline: false, requestWasSent: false)?.processing == .neverSent)
  }

  @Test("a CANCEL from the server after the deadline is the deadline")
  func cancelAtDeadline() {
    var machine = opened()
    #expect(machine.closed(.cancel, isPastDeadline: true, requestWasSent: true)?.code == .deadlineExceeded)
  }

  @Test("events after the end are ignored")
  func afterTheEnd() {
    var machine = opened(messages: 1)
    _ = machine.received(block(["grpc-status": "0"]), endsStream: true)
    #expect(machine.closed(.cancel, isPastDeadline: false, requestWasSent: true) == nil)
    guard case .none = machine.receivedMessage() else {
      Issue.record("a message after the end was accepted")
      return
    }
  }

  @Test("a lost connection is UNAVAILABLE, and proves nothing once the request was sent")
  func lostConnection() {
    let loss = RPCError(code: .unavailable, message: "gone")
    var sent = opened()
    #expect(sent.lostConnection(loss, requestWasSent: true)?.processing == .possible)
    var unsent = ResponseStateMachine(expectsOneMessage: true)
    #expect(unsent.lostConnection(loss, requestWasSent: false)?.processing == .neverSent)
  }

  @Test("metadata keeps order and duplicates, binary values and not the protocol's own fields")
  func metadata() {
    let headers = block([
      ":status": "200", "content-type": "application/grpc", "grpc-encoding": "identity", "a": "1", "b-bin": "AAE",
      "a": "2", "b-bin": "AAE=",
    ])
    #expect(headers.metadata.map(\.key) == ["a", "b-bin", "a", "b-bin"])
    #expect(headers.metadata.values(for: "b-bin") == [.binary([0, 1]), .binary([0, 1])])
    #expect(headers.encoding == "identity")
  }
}
