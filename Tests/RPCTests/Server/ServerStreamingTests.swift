import Messages
import NIOCore
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Streams in both directions (rows 1 and 10)")
struct ServerStreamingTests {
  @Test("Server streaming: all messages in order, then the status")
  func serverStreaming() async throws {
    let method = Scripted.serverStreaming { request, responses, _ in
      for index in 0..<1000 { try await responses.write(Scripted.Response(text: request.text, index: Int32(index))) }
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.call(Scripted.path("ServerStreaming"), TestingV1.ChatRequest(text: "a"))
      let responses = try stream.decoded(TestingV1.ChatResponse.self)
      #expect(responses.map(\.index) == Array(0..<1000))
      #expect(stream.status == .ok)
    }
  }

  @Test("Server streaming: messages before a failure arrive, then its status")
  func failureAfterMessages() async throws {
    let method = Scripted.serverStreaming { _, responses, _ in
      for _ in 0..<3 { try await responses.write(Scripted.Response()) }
      throw RPCError(code: .dataLoss, message: "gone")
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.call(Scripted.path("ServerStreaming"), TestingV1.ChatRequest())
      #expect(stream.messages.count == 3)
      #expect(stream.status == .dataLoss)
      #expect(stream.reason == "DATA_LOSS")
    }
  }

  @Test("Client streaming and bidirectional streaming")
  func otherKinds() async throws {
    let collect = Scripted.clientStreaming { requests, _ in
      var texts: [String] = []
      for try await request in requests { texts.append(request.text) }
      return Scripted.Response(text: texts.joined(separator: ","))
    }
    let chat = Scripted.bidirectional { requests, responses, _ in
      for try await request in requests { try await responses.write(Scripted.Response(text: request.text)) }
    }
    try await withServerAndClient([collect, chat]) { client in
      let body = try ["a", "b", "c"].flatMap {
        FrameHeader.frame(try TestingV1.ChatRequest(text: $0).serializedBytes())
      }
      let collected = try await client.call(WireClient.headers(Scripted.path("ClientStreaming")), body: body)
      #expect(try collected.decoded(TestingV1.ChatResponse.self).map(\.text) == ["a,b,c"])
      let stream = try await client.open(WireClient.headers(Scripted.path("Bidirectional")))
      for text in ["x", "y"] {
        let sent = FrameHeader.frame(try TestingV1.ChatRequest(text: text).serializedBytes())
        let before = try await stream.peek { $0.data.count }
        try await stream.send(sent)
        try await stream.received(bytes: before + 8)
      }
      try await stream.send([], endStream: true)
      try await stream.closed()
      #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.text) == ["x", "y"])
      #expect(stream.status == .ok)
    }
  }

  @Test("A writer waits while the client reads nothing, and continues when it does (row 10)")
  func writerWaits() async throws {
    var limits = ServerLimits.defaults
    limits.streamOutboundBytesMaximum = 64 << 10
    let written = Mutex(0)
    let method = Scripted.serverStreaming { _, responses, _ in
      let payload = [UInt8](repeating: 0, count: 10_000)
      for _ in 0..<100 {
        try await responses.write(Scripted.Response(payload: payload))
        written.withLock { $0 += 1 }
      }
    }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 65_535
    try await withServerAndClient([method], limits: limits, settings: settings) { client in
      let stream = try await client.open(
        WireClient.headers(Scripted.path("ServerStreaming")),
        body: FrameHeader.frame([]),
        returnsCredit: false
      )
      try await stream.received(bytes: 65_535)
      try await client.roundTrip()
      let windowBudgetAndOneMessage = (65_535 + (64 << 10)) / 10_000 + 2
      #expect(written.withLock { $0 } <= windowBudgetAndOneMessage)
      while try await stream.peek({ !$0.hasEnded }) {
        try await stream.returnCredit(bytes: 60_000)
        try await client.roundTrip()
      }
      try await stream.closed()
      #expect(stream.messages.count == 100)
      #expect(stream.status == .ok)
    }
  }

  @Test("A stream whose client takes nothing does not hold up the others of its connection (row 10)")
  func othersGoOn() async throws {
    let flood = Scripted.serverStreaming { _, responses, _ in
      let payload = [UInt8](repeating: 0, count: 10_000)
      while true { try await responses.write(Scripted.Response(payload: payload)) }
    }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 65_535
    try await withServerAndClient([flood, Scripted.echo], settings: settings) { client in
      let stream = try await client.open(
        WireClient.headers(Scripted.path("ServerStreaming")),
        body: FrameHeader.frame([]),
        returnsCredit: false
      )
      try await stream.received(bytes: 65_535)
      for _ in 0..<20 {
        expect(try await client.status(Scripted.path("Echo"), TestingV1.ChatRequest(text: "a")), is: .ok)
      }
    }
  }

  @Test("A client may not send more than the window while the handler takes nothing (row 10)")
  func readerHoldsBack() async throws {
    var limits = ServerLimits.defaults
    limits.streamWindowBytes = 65_535
    let (mayRead, done) = (Flag(), Flag())
    let method = Scripted.clientStreaming { requests, _ in
      await mayRead.wait()
      var count: Int32 = 0
      for try await _ in requests { count += 1 }
      done.raise()
      return Scripted.Response(index: count)
    }
    try await withServerAndClient([method], limits: limits) { client in
      let message = FrameHeader.frame([0x12, 0x88, 0x27] + [UInt8](repeating: 7, count: 5000))
      let stream = try await client.open(WireClient.headers(Scripted.path("ClientStreaming")))
      try await client.roundTrip()
      for _ in 0..<40 { try await stream.send(message) }
      try await client.roundTrip()
      let unsent = try await stream.peek { $0.outgoing.bytes.count }
      #expect(unsent >= 40 * message.count - 65_535)
      mayRead.raise()
      try await stream.send([], endStream: true)
      try await stream.closed()
      #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.index) == [40])
      #expect(done.isRaised)
    }
  }

  @Test("A message larger than the window arrives (row 10)")
  func largerThanWindow() async throws {
    var limits = ServerLimits.defaults
    limits.streamWindowBytes = 65_535
    try await withServerAndClient([Scripted.echo], limits: limits) { client in
      let request = TestingV1.ChatRequest(payload: [UInt8](repeating: 7, count: 4_000_000))
      let stream = try await client.call(Scripted.path("Echo"), request)
      #expect(try stream.decoded(TestingV1.ChatResponse.self).first?.payload == request.payload)
    }
  }

  @Test("A handler may write from tasks of its own")
  func writesFromElsewhere() async throws {
    let method = Scripted.serverStreaming { _, responses, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<50 {
          group.addTask(executorPreference: globalConcurrentExecutor) {
            try await responses.write(Scripted.Response(index: Int32(index)))
          }
        }
        try await group.waitForAll()
      }
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.call(Scripted.path("ServerStreaming"), TestingV1.ChatRequest())
      let indexes = try stream.decoded(TestingV1.ChatResponse.self).map(\.index)
      #expect(indexes.sorted() == Array(0..<50))
      #expect(stream.status == .ok)
    }
  }

  @Test("A handler may read and answer away from the event loop")
  func servesElsewhere() async throws {
    actor Elsewhere {
      func text(_ request: Scripted.Request) -> String { request.text + "!" }
    }
    let elsewhere = Elsewhere()
    let method = Scripted.bidirectional { requests, responses, _ in
      try await Task(executorPreference: globalConcurrentExecutor) {
        for try await request in requests {
          try await responses.write(Scripted.Response(text: await elsewhere.text(request)))
        }
      }.value
    }
    try await withServerAndClient([method]) { client in
      let body = try (0..<100).flatMap { index in
        FrameHeader.frame(try TestingV1.ChatRequest(text: "\(index)").serializedBytes())
      }
      let stream = try await client.call(WireClient.headers(Scripted.path("Bidirectional")), body: body)
      #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.text) == (0..<100).map { "\($0)!" })
    }
  }

  @Test("2,000 calls at once on one connection all succeed")
  func manyCalls() async throws {
    let method = Scripted.unary { request, _ in
      await Task.yield()
      return Scripted.Response(text: request.text)
    }
    try await withServerAndClient([method]) { client in
      var streams: [WireStream] = []
      for index in 0..<2000 {
        let stream = try await client.open(WireClient.headers(Scripted.path("Unary")))
        let message = try TestingV1.ChatRequest(text: "\(index)").serializedBytes()
        try await stream.send(FrameHeader.frame(message), endStream: true)
        streams.append(stream)
      }
      for (index, stream) in streams.enumerated() {
        try await stream.closed()
        #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.text) == ["\(index)"])
      }
    }
  }
}
