import Messages
import NIOCore
import TestAPI
import Testing

@testable import RPC

@Suite("How calls end before their time (rows 7 and 8)")
struct ServerEndingTests {
  private static let request = TestingV1.ChatRequest(text: "hello")

  /// Makes a method that waits to be cancelled, and reports it.
  private static func waiting(_ started: Flag, _ cancelled: Flag) -> ServerMethod {
    Scripted.unary { _, context in
      started.raise()
      await Flag.waitForCancellation()
      #expect(context.isCancelled)
      cancelled.raise()
      throw CancellationError()
    }
  }

  @Test("At the deadline the handler is cancelled and the caller gets DEADLINE_EXCEEDED (row 7)")
  func deadline() async throws {
    let (started, cancelled) = (Flag(), Flag())
    try await withServerAndClient([Self.waiting(started, cancelled)]) { client in
      let stream = try await client.call(Scripted.path("Unary"), Self.request, extra: [("grpc-timeout", "20m")])
      #expect(stream.status == .deadlineExceeded)
      #expect(stream.reason == "DEADLINE_EXCEEDED")
      await cancelled.wait()
    }
  }

  @Test("The deadline counts from the headers, even when the request never comes")
  func deadlineWithoutRequest() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.open(
        WireClient.headers(Scripted.path("Echo"), extra: [("grpc-timeout", "10m")])
      )
      try await stream.closed()
      #expect(stream.status == .deadlineExceeded)
    }
  }

  @Test("A handler sees how much time is left")
  func remainingTime() async throws {
    let method = Scripted.unary { _, context in
      guard let remaining = context.remainingTime else { return Scripted.Response(text: "none") }
      return Scripted.Response(text: remaining > .seconds(3500) && remaining <= .seconds(3600) ? "right" : "wrong")
    }
    try await withServerAndClient([method]) { client in
      let limited = try await client.call(Scripted.path("Unary"), Self.request, extra: [("grpc-timeout", "1H")])
      #expect(try limited.decoded(TestingV1.ChatResponse.self).map(\.text) == ["right"])
      let free = try await client.call(Scripted.path("Unary"), Self.request)
      #expect(try free.decoded(TestingV1.ChatResponse.self).map(\.text) == ["none"])
    }
  }

  @Test("A unary call without a time-out gets the server's, when there is one")
  func unaryTimeout() async throws {
    var limits = ServerLimits.defaults
    limits.unaryTimeout = .milliseconds(20)
    let (started, cancelled) = (Flag(), Flag())
    try await withServerAndClient([Self.waiting(started, cancelled)], limits: limits) { client in
      expect(try await client.status(Scripted.path("Unary"), Self.request), is: .deadlineExceeded)
      await cancelled.wait()
    }
  }

  @Test("Earlier deadlines come first, however many wait")
  func manyDeadlines() async throws {
    let method = Scripted.unary { _, _ in
      await Flag.waitForCancellation()
      return Scripted.Response()
    }
    try await withServerAndClient([method]) { client in
      var streams: [WireStream] = []
      for milliseconds in [30, 10, 50, 20, 40, 10] {
        let stream = try await client.open(
          WireClient.headers(Scripted.path("Unary"), extra: [("grpc-timeout", "\(milliseconds)m")]),
          body: FrameHeader.frame([])
        )
        streams.append(stream)
      }
      for stream in streams {
        try await stream.closed()
        #expect(stream.status == .deadlineExceeded)
      }
    }
  }

  @Test("A time-out that cannot be read is refused", arguments: ["123456789n", "5", "1s", "-1S"])
  func malformedTimeout(_ timeout: String) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(Scripted.path("Echo"), Self.request, extra: [("grpc-timeout", timeout)])
      #expect(stream.status == .internalError)
      #expect(stream.reason == "MALFORMED_TIMEOUT")
    }
  }

  @Test("The longest time-out is no problem")
  func longTimeout() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(Scripted.path("Echo"), Self.request, extra: [("grpc-timeout", "99999999H")])
      #expect(stream.status == .ok)
    }
  }

  @Test("RST_STREAM cancels the handler (row 8)")
  func reset() async throws {
    let (started, cancelled) = (Flag(), Flag())
    try await withServerAndClient([Self.waiting(started, cancelled), Scripted.echo]) { client in
      let stream = try await client.open(WireClient.headers(Scripted.path("Unary")), body: FrameHeader.frame([]))
      await started.wait()
      try await stream.reset()
      await cancelled.wait()
      expect(try await client.status(Scripted.path("Echo"), Self.request), is: .ok)
    }
  }

  @Test("A lost connection cancels its handlers (row 8)")
  func lostConnection() async throws {
    let (started, cancelled) = (Flag(), Flag())
    try await withServerAndClient([Self.waiting(started, cancelled)]) { client in
      _ = try await client.open(WireClient.headers(Scripted.path("Unary")), body: FrameHeader.frame([]))
      await started.wait()
      await client.close()
      await cancelled.wait()
    }
  }

  @Test("A reader and a writer that wait are woken with CANCELLED (row 8)")
  func waitersWake() async throws {
    let (started, readerWoke, writerWoke) = (Flag(), Flag(), Flag())
    let method = Scripted.bidirectional { requests, responses, _ in
      async let reading: Void = {
        do {
          for try await _ in requests {}
        } catch let error as RPCError where error.code == .cancelled {
          readerWoke.raise()
        }
      }()
      do {
        started.raise()
        let payload = [UInt8](repeating: 0, count: 50_000)
        while true { try await responses.write(Scripted.Response(payload: payload)) }
      } catch let error as RPCError where error.code == .cancelled {
        writerWoke.raise()
      }
      try await reading
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.open(WireClient.headers(Scripted.path("Bidirectional")), returnsCredit: false)
      await started.wait()
      try await stream.received(bytes: 65_535)
      try await stream.reset()
      await readerWoke.wait()
      await writerWoke.wait()
    }
  }

  @Test("An answer before the request has ended makes the client stop sending")
  func earlyAnswer() async throws {
    let method = Scripted.clientStreaming { requests, _ in
      for try await request in requests { return Scripted.Response(text: request.text) }
      return Scripted.Response()
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.open(WireClient.headers(Scripted.path("ClientStreaming")))
      try await stream.send(FrameHeader.frame(try Self.request.serializedBytes()))
      try await stream.closed()
      #expect(stream.status == .ok)
      #expect(stream.closeCode == .noError)
      #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.text) == ["hello"])
    }
  }
}
