import Logging
import Messages
import NIOCore
import NIOEmbedded
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Limits (row 18)")
struct ServerLimitsTests {
  private typealias Frame = RawConnection.Frame
  private static let request = TestingV1.ChatRequest(text: "hello")

  /// Makes a method that waits for `mayEnd`, whatever happens to its call, and counts how many run.
  private static func stubborn(_ mayEnd: Flag, _ running: @escaping @Sendable (Int) -> Void) -> ServerMethod {
    Scripted.unary("Stubborn") { _, _ in
      running(1)
      await mayEnd.wait()
      running(-1)
      return Scripted.Response()
    }
  }

  @Test("The most streams at once are announced, and a client that opens more is refused")
  func streams() async throws {
    var limits = ServerLimits.defaults
    limits.streamsMaximum = 3
    try await withServer([Scripted.echo], limits: limits) { _, address in
      let client = try await WireClient.connect(to: address)
      #expect(try await client.streamsMaximum() == 3)
      let raw = try await RawConnection.open(to: address)
      _ = try await raw.next(Frame.settings)
      let block = RawConnection.headerBlock(WireClient.headers(Scripted.path("Echo")))
      for id in [1, 3, 5, 7] as [UInt32] {
        try await raw.send(RawConnection.frame(Frame.headers, flags: 0x4, streamID: id, block))
      }
      let reset = try await raw.next(Frame.reset)
      #expect(reset.streamID == 7)
      #expect(reset.payload == [0, 0, 0, 7])
    }
  }

  @Test("A reset stream counts until its handler has ended")
  func runningHandlers() async throws {
    var limits = ServerLimits.defaults
    limits.runningHandlersMaximum = 3
    let mayEnd = Flag()
    let running = Mutex(0)
    let started = (0..<3).map { _ in Flag() }
    let ended = Flag()
    let method = Self.stubborn(mayEnd) { change in
      let count = running.withLock { count in
        count += change
        return count
      }
      if change == 1 { started[count - 1].raise() } else if count == 0 { ended.raise() }
    }
    try await withServerAndClient([method, Scripted.echo], limits: limits) { client in
      for flag in started {
        let stream = try await client.open(WireClient.headers(Scripted.path("Stubborn")), body: FrameHeader.frame([]))
        await flag.wait()
        try await stream.reset()
      }
      let refused = try await client.call(Scripted.path("Echo"), Self.request)
      #expect(refused.status == .resourceExhausted)
      #expect(refused.reason == "TOO_MANY_RUNNING_CALLS")
      mayEnd.raise()
      await ended.wait()
      var status = StatusCode.resourceExhausted
      while status == .resourceExhausted {
        status = try #require(try await client.status(Scripted.path("Echo"), Self.request))
      }
      #expect(status == .ok)
    }
  }

  @Test("A connection too many is closed, the others continue")
  func connections() async throws {
    var limits = ServerLimits.defaults
    limits.connectionsMaximum = 1
    try await withServer([Scripted.echo], limits: limits) { server, address in
      let first = try await WireClient.connect(to: address)
      try await first.roundTrip()
      let second = try await RawConnection.connect(to: address)
      try await second.waitUntilClosed()
      expect(try await first.status(Scripted.path("Echo"), Self.request), is: .ok)
      #expect(server.load.connections == 1)
    }
  }

  @Test("Calls over the server's limit are shed with a time to come back")
  func loadShedding() async throws {
    var limits = ServerLimits.defaults
    limits.callsInFlightMaximum = 1
    limits.retryPushback = .milliseconds(1500)
    let (started, mayEnd) = (Flag(), Flag())
    let method = Self.stubborn(mayEnd) { _ in started.raise() }
    try await withServer([method, Scripted.echo], limits: limits) { server, address in
      let busy = try await WireClient.connect(to: address)
      let stream = try await busy.open(WireClient.headers(Scripted.path("Stubborn")), body: FrameHeader.frame([]))
      await started.wait()
      #expect(server.load.calls == 1)
      let other = try await WireClient.connect(to: address)
      let shed = try await other.call(Scripted.path("Echo"), Self.request)
      #expect(shed.status == .resourceExhausted)
      #expect(shed.reason == "OVERLOADED")
      #expect(shed["grpc-retry-pushback-ms"] == "1500")
      #expect(shed.details?.details.contains(.retryInfo(RetryInfo(retryDelay: .milliseconds(1500)))) == true)
      mayEnd.raise()
      try await stream.closed()
      expect(try await other.status(Scripted.path("Echo"), Self.request), is: .ok)
      #expect(server.load.calls == 0)
    }
  }

  @Test("Unread request bytes are bounded for the whole connection")
  func bufferedBytes() async throws {
    var limits = ServerLimits.defaults
    limits.bufferedRequestBytesMaximum = 100_000
    let mayRead = Flag()
    let method = Scripted.clientStreaming { requests, _ in
      await mayRead.wait()
      for try await _ in requests {}
      return Scripted.Response()
    }
    try await withServerAndClient([method, Scripted.echo], limits: limits) { client in
      var streams: [WireStream] = []
      let message = FrameHeader.frame([0x12, 0xb8, 0xea, 0x01] + [UInt8](repeating: 7, count: 30_008))
      for _ in 0..<4 {
        let stream = try await client.open(WireClient.headers(Scripted.path("ClientStreaming")))
        try await stream.send(message)
        streams.append(stream)
      }
      try await streams[3].closed()
      #expect(streams[3].status == .resourceExhausted)
      #expect(streams[3].reason == "TOO_MANY_BUFFERED_BYTES")
      mayRead.raise()
      for stream in streams.prefix(3) {
        try await stream.send([], endStream: true)
        try await stream.closed()
        #expect(stream.status == .ok)
      }
    }
  }

  @Test("Unread response bytes are bounded for the whole connection")
  func outboundBytes() async throws {
    var limits = ServerLimits.defaults
    limits.connectionOutboundBytesMaximum = 100_000
    let written = Mutex(0)
    let method = Scripted.serverStreaming { _, responses, _ in
      let payload = [UInt8](repeating: 0, count: 10_000)
      for _ in 0..<20 {
        try await responses.write(Scripted.Response(payload: payload))
        written.withLock { $0 += 1 }
      }
    }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 0
    try await withServerAndClient([method], limits: limits, settings: settings) { client in
      var streams: [WireStream] = []
      for _ in 0..<5 {
        let stream = try await client.open(
          WireClient.headers(Scripted.path("ServerStreaming")),
          body: FrameHeader.frame([])
        )
        streams.append(stream)
      }
      try await client.roundTrip()
      #expect(written.withLock { $0 } <= 16)
      for stream in streams { try await stream.reset() }
    }
  }

  @Test("A silent client is cut off")
  func silent() async throws {
    var limits = ServerLimits.defaults
    limits.handshakeTimeout = .milliseconds(40)
    try await withServer([Scripted.echo], limits: limits) { _, address in
      let nothing = try await RawConnection.connect(to: address)
      try await nothing.waitUntilClosed()
      let half = try await RawConnection.connect(to: address)
      try? await half.send(Array(RawConnection.preface.prefix(10)))
      try await half.waitUntilClosed()
    }
  }

  @Test("An idle connection that has introduced itself is not cut off")
  func idle() async throws {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .milliseconds(10)
    limits.requestTimeout = .milliseconds(10)
    let mayEnd = Flag()
    let slow = Scripted.unary("Slow") { _, _ in
      await mayEnd.wait()
      return Scripted.Response()
    }
    let chat = Scripted.bidirectional { requests, responses, _ in
      for try await request in requests { try await responses.write(Scripted.Response(text: request.text)) }
    }
    let tick = Scripted.unary("Tick") { _, _ in
      await Flag.waitForCancellation()
      return Scripted.Response()
    }
    try await withServerAndClient([slow, chat, tick], limits: limits) { client in
      let working = try await client.open(WireClient.headers(Scripted.path("Slow")), body: FrameHeader.frame([]))
      let quiet = try await client.open(WireClient.headers(Scripted.path("Bidirectional")))
      // Many checks later by the server's own clock.
      _ = try await client.call(Scripted.path("Tick"), Self.request, extra: [("grpc-timeout", "100m")])
      mayEnd.raise()
      try await working.closed()
      #expect(working.status == .ok)
      try await quiet.send(FrameHeader.frame(try Self.request.serializedBytes()), endStream: true)
      try await quiet.closed()
      #expect(quiet.status == .ok)
    }
  }

  @Test("A header block that is never finished ends the connection's stream")
  func slowHeaders() async throws {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .milliseconds(40)
    try await withServer([Scripted.echo], limits: limits) { _, address in
      let raw = try await RawConnection.open(to: address)
      let block = RawConnection.headerBlock(WireClient.headers(Scripted.path("Echo")))
      try await raw.send(RawConnection.frame(Frame.headers, streamID: 1, Array(block.prefix(20))))
      try await raw.waitUntilClosed()
    }
  }

  @Test("A stalled request is ended")
  func stalledRequest() async throws {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .milliseconds(40)
    try await withServerAndClient([Scripted.echo], limits: limits) { client in
      let stream = try await client.open(WireClient.headers(Scripted.path("Echo")))
      try await stream.send([0, 0, 0, 0, 9, 1, 2])
      try await stream.closed()
      #expect(stream.status == .deadlineExceeded)
      #expect(stream.reason == "STALLED")
    }
  }

  @Test("A request that trickles in is ended when its time is up")
  func tricklingRequest() async throws {
    var limits = ServerLimits.defaults
    limits.requestTimeout = .milliseconds(100)
    try await withServerAndClient([Scripted.echo], limits: limits) { client in
      let stream = try await client.open(WireClient.headers(Scripted.path("Echo")))
      try await stream.send([0, 0, 0x0f, 0xff, 0xff])
      while try await stream.peek({ $0.closeCode == nil }) {
        try? await stream.send([7])
        try await client.roundTrip()
      }
      #expect(stream.reason == "STALLED")
    }
  }

  @Test("A response that the client does not take is ended, and its handler cancelled")
  func stalledResponse() async throws {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .milliseconds(40)
    let ended = Flag()
    let method = Scripted.serverStreaming { _, responses, _ in
      defer { ended.raise() }
      let payload = [UInt8](repeating: 0, count: 10_000)
      while true { try await responses.write(Scripted.Response(payload: payload)) }
    }
    try await withServerAndClient([method], limits: limits) { client in
      let stream = try await client.open(
        WireClient.headers(Scripted.path("ServerStreaming")),
        body: FrameHeader.frame([]),
        returnsCredit: false
      )
      try await stream.closed()
      #expect(stream.closeCode == .cancel)
      await ended.wait()
    }
  }

  @Test("A response of which the client takes a byte now and then is ended too")
  func dribblingReader() async throws {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .milliseconds(100)
    limits.progressBytesMinimum = 50_000
    let method = Scripted.unary { _, _ in Scripted.Response(payload: [UInt8](repeating: 0, count: 100_000)) }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 0
    try await withServerAndClient([method], limits: limits, settings: settings) { client in
      let stream = try await client.open(
        WireClient.headers(Scripted.path("Unary")),
        body: FrameHeader.frame([]),
        returnsCredit: false
      )
      while try await stream.peek({ $0.closeCode == nil }) {
        // The session batches credit, so it is sent by hand.
        try await client.submit { $0.grantWindow(stream: stream, bytes: 1) }
        try await client.roundTrip()
      }
      #expect(stream.closeCode == .cancel)
      #expect(stream.data.count < 100_000)
    }
  }

  @Test("Calls wait for their handler while the client reads nothing, and continue when it does")
  func heldBack() async throws {
    var limits = ServerLimits.defaults
    limits.connectionOutboundBytesMaximum = 50_000
    let started = Mutex(0)
    let method = Scripted.unary { _, _ in
      started.withLock { $0 += 1 }
      return Scripted.Response(payload: [UInt8](repeating: 0, count: 10_000))
    }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 0
    try await withServerAndClient([method], limits: limits, settings: settings) { client in
      var streams: [WireStream] = []
      for _ in 0..<20 {
        streams.append(
          try await client.open(
            WireClient.headers(Scripted.path("Unary")),
            body: FrameHeader.frame([]),
            returnsCredit: false
          )
        )
      }
      try await client.roundTrip()
      #expect(started.withLock { $0 } == 5)
      for stream in streams {
        try await client.submit { $0.grantWindow(stream: stream, bytes: 1 << 20) }
      }
      for stream in streams {
        try await stream.closed()
        #expect(stream.status == .ok)
      }
      #expect(started.withLock { $0 } == 20)
    }
  }

  @Test("A call that is held back ends at its deadline, and with its connection")
  func heldBackEnds() async throws {
    var limits = ServerLimits.defaults
    limits.connectionOutboundBytesMaximum = 1
    let method = Scripted.unary { _, _ in Scripted.Response(payload: [1, 2, 3]) }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 0
    try await withServer([method], limits: limits) { server, address in
      let client = try await WireClient.connect(to: address, settings: settings)
      let headers = WireClient.headers(Scripted.path("Unary"))
      for _ in 0..<2 { _ = try await client.open(headers, body: FrameHeader.frame([])) }
      try await client.roundTrip()
      let late = try await client.call(headers + [("grpc-timeout", "10m")], body: FrameHeader.frame([]))
      #expect(late.status == .deadlineExceeded)
      #expect(server.load.calls == 2)
      await client.close()
      // Returns when no call is left.
      await server.shutdown(grace: .seconds(60))
      #expect(server.load.calls == 0)
    }
  }

  @Test("A client that does not acknowledge SETTINGS is ended with SETTINGS_TIMEOUT")
  func settingsTimeout() throws {
    let core = try ServerCore(
      configuration: ServerConfiguration(addresses: []),
      methods: [],
      interceptors: [],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let loop = EmbeddedEventLoop()
    let channel = EmbeddedChannel(loop: loop)
    let connection = ServerConnection(core: core, loop: LoopResources(loop), peer: Peer(address: "test"))
    try channel.pipeline.syncOperations.addHandler(connection)
    channel.connect(to: try SocketAddress(unixDomainSocketPath: "/peer"), promise: nil)
    let greeting = RawConnection.preface + RawConnection.frame(Frame.settings)
    try channel.writeInbound(ByteBuffer(bytes: greeting))
    loop.advanceTime(by: .seconds(9))
    #expect(channel.isActive)
    loop.advanceTime(by: .seconds(4))
    #expect(!channel.isActive)
    var received: [UInt8] = []
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) { received += Array(buffer: bytes) }
    // GOAWAY: stream 0 was the last, SETTINGS_TIMEOUT.
    #expect(received.suffix(17) == RawConnection.frame(Frame.goAway, [0, 0, 0, 0, 0, 0, 0, 4]))
  }
}
