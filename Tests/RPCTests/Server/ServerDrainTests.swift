import Logging
import Messages
import NIOCore
import NIOEmbedded
import TestAPI
import Testing

@testable import RPC

@Suite("Starting and draining (row 13)")
struct ServerDrainTests {
  private typealias Frame = RawConnection.Frame

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

  @Test("GOAWAY that allows every stream, PING, then GOAWAY with the last stream, then the end")
  func frames() async throws {
    try await withServer([Scripted.echo]) { server, address in
      let connection = try await RawConnection.open(to: address)
      _ = try await connection.next(Frame.settings)
      server.beginDrain()
      let first = try await connection.next(Frame.goAway)
      #expect(Self.number(first.payload[0..<4]) == 0x7fff_ffff)
      #expect(Self.number(first.payload[4..<8]) == 0)
      let ping = try await connection.next(Frame.ping, Frame.goAway)
      #expect(ping.type == Frame.ping)
      try await connection.send(RawConnection.frame(Frame.ping, flags: 1, ping.payload))
      let second = try await connection.next(Frame.goAway)
      #expect(Self.number(second.payload[0..<4]) == 0)
      try await connection.waitUntilClosed()
    }
  }

  @Test("A running call finishes, a new connection is refused, and all bytes are written")
  func runningCall() async throws {
    let (started, mayEnd) = (Flag(), Flag())
    let method = Scripted.unary { _, _ in
      started.raise()
      await mayEnd.wait()
      return Scripted.Response(payload: [UInt8](repeating: 1, count: 1_000_000))
    }
    // An address that no other test uses, so that nobody else listens on its port afterwards.
    try await withServer([method], host: "127.0.0.3") { server, address in
      let client = try await WireClient.connect(to: address)
      let stream = try await client.open(WireClient.headers(Scripted.path("Unary")), body: FrameHeader.frame([]))
      await started.wait()
      async let shutdown: Void = server.shutdown(grace: .seconds(60))
      while try await client.goAways().count < 2 { try await client.roundTrip() }
      #expect(try await client.goAways().map(\.lastStreamID) == [Int32.max, 1])
      await #expect(throws: (any Error).self) { _ = try await WireClient.connect(to: address) }
      mayEnd.raise()
      try await stream.closed()
      #expect(stream.status == .ok)
      #expect(stream.messages.first?.count ?? 0 > 1_000_000)
      await shutdown
      try await client.waitUntilClosed()
    }
  }

  @Test("A call opened between the two GOAWAYs is served")
  func callDuringDrain() async throws {
    try await withServer([Scripted.echo]) { server, address in
      let connection = try await RawConnection.open(to: address)
      _ = try await connection.next(Frame.settings)
      server.beginDrain()
      let ping = try await connection.next(Frame.ping)
      let block = RawConnection.headerBlock(WireClient.headers(Scripted.path("Echo")))
      try await connection.send(
        RawConnection.frame(Frame.headers, flags: 0x4, streamID: 1, block)
          + RawConnection.frame(0, flags: 0x1, streamID: 1, [0, 0, 0, 0, 0])
          + RawConnection.frame(Frame.ping, flags: 1, ping.payload)
      )
      let goAway = try await connection.next(Frame.goAway)
      #expect(Self.number(goAway.payload[0..<4]) == 0x7fff_ffff || Self.number(goAway.payload[0..<4]) == 1)
      let answer = try await connection.next(Frame.headers)
      #expect(answer.streamID == 1)
      try await connection.waitUntilClosed()
    }
  }

  @Test("What still runs after the grace is cut off and cancelled")
  func grace() async throws {
    let (started, cancelled) = (Flag(), Flag())
    let method = Scripted.unary { _, _ in
      started.raise()
      await Flag.waitForCancellation()
      cancelled.raise()
      return Scripted.Response()
    }
    try await withServer([method]) { server, address in
      let client = try await WireClient.connect(to: address)
      let stream = try await client.open(WireClient.headers(Scripted.path("Unary")), body: FrameHeader.frame([]))
      await started.wait()
      await server.shutdown(grace: .milliseconds(20))
      await cancelled.wait()
      try await stream.closed()
      #expect(stream.status != .ok)
    }
  }

  @Test("A second, shorter shutdown ends at once")
  func secondShutdown() async throws {
    let started = Flag()
    let method = Scripted.unary { _, _ in
      started.raise()
      await Flag.waitForCancellation()
      return Scripted.Response()
    }
    try await withServer([method]) { server, address in
      let client = try await WireClient.connect(to: address)
      _ = try await client.open(WireClient.headers(Scripted.path("Unary")), body: FrameHeader.frame([]))
      await started.wait()
      async let first: Void = server.shutdown(grace: .seconds(3600))
      while try await client.goAways().isEmpty { try await client.roundTrip() }
      await server.shutdown(grace: .zero)
      await first
    }
  }

  /// Makes a server that would wait for ever for whatever its drain does not end.
  private static func patientServer(_ methods: [ServerMethod]) -> Server {
    var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)], eventLoopThreads: 1)
    configuration.drainPingTimeout = .seconds(3600)
    return Server(
      configuration: configuration,
      services: [Scripted(methods: methods)],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
  }

  @Test(
    "A drain with nothing running ends at once, also with silent connections",
    .timeLimit(.minutes(1))
  )
  func silentConnections() async throws {
    let server = Self.patientServer([Scripted.echo])
    let address = try await server.start()[0]
    let silent = try await RawConnection.connect(to: address)
    let dribbling = try await RawConnection.connect(to: address)
    try await dribbling.send(Array(RawConnection.preface.prefix(9)))
    let idle = try await WireClient.connect(to: address)
    expect(try await idle.status(Scripted.path("Echo"), TestingV1.ChatRequest()), is: .ok)
    await server.shutdown(grace: .seconds(3600))
    try await silent.waitUntilClosed()
    try await dribbling.waitUntilClosed()
    try await idle.waitUntilClosed()
  }

  @Test("Requests until the drain: what has arrived is answered, then the call ends", .timeLimit(.minutes(1)))
  func untilDrain() async throws {
    let (mayRead, gotFirst) = (Flag(), Flag())
    let chat = Scripted.bidirectional { requests, responses, _ in
      for try await request in requests.untilDrain() {
        gotFirst.raise()
        await mayRead.wait()
        try await responses.write(Scripted.Response(text: request.text))
      }
    }
    let server = Self.patientServer([chat])
    let client = try await WireClient.connect(to: try await server.start()[0])
    let idle = try await client.open(WireClient.headers(Scripted.path("Bidirectional")))
    let busy = try await client.open(WireClient.headers(Scripted.path("Bidirectional")))
    for text in ["1", "2", "3"] {
      try await busy.send(FrameHeader.frame(TestingV1.ChatRequest(text: text).serializedBytes()))
    }
    await gotFirst.wait()
    try await client.roundTrip()
    async let shutdown: Void = server.shutdown(grace: .seconds(3600))
    while try await client.goAways().isEmpty { try await client.roundTrip() }
    mayRead.raise()
    for stream in [idle, busy] {
      try await stream.closed()
      #expect(stream.status == .unavailable)
      #expect(stream.reason == "SHUTTING_DOWN")
    }
    #expect(try busy.decoded(TestingV1.ChatResponse.self).map(\.text) == ["1", "2", "3"])
    await shutdown
  }

  @Test("A client that ends its requests before the drain gets its status, whatever drains")
  func endBeforeDrain() async throws {
    let (started, mayEnd) = (Flag(), Flag())
    let chat = Scripted.bidirectional { requests, _, _ in
      for try await _ in requests.untilDrain() {}
      started.raise()
      await mayEnd.wait()
    }
    let server = Self.patientServer([chat])
    let client = try await WireClient.connect(to: try await server.start()[0])
    let stream = try await client.open(WireClient.headers(Scripted.path("Bidirectional")), body: [])
    await started.wait()
    async let shutdown: Void = server.shutdown(grace: .seconds(3600))
    while try await client.goAways().isEmpty { try await client.roundTrip() }
    mayEnd.raise()
    try await stream.closed()
    #expect(stream.status == .ok)
    await shutdown
  }

  @Test("Giving up before the wait is remembered")
  func giveUpFirst() async throws {
    let loop = EmbeddedEventLoop()
    let registry = ConnectionRegistry()
    let core = try ServerCore(
      configuration: ServerConfiguration(addresses: []),
      methods: [],
      interceptors: [],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let connection = ServerConnection(core: core, loop: LoopResources(loop), peer: Peer(address: ""))
    let number = registry.add(connection, on: loop)
    registry.giveUp()
    #expect(await !registry.waitUntilEmpty())
    registry.remove(number)
    #expect(await registry.waitUntilEmpty())
  }

  @Test("A connection whose set-up fails is not waited for")
  func failedSetUp() throws {
    struct Unusable: Error {}
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let core = try ServerCore(
      configuration: ServerConfiguration(addresses: []),
      methods: [],
      interceptors: [],
      logger: logger
    )
    let tls = TLSContexts(files: [], reloadInterval: .zero, logger: logger) { throw Unusable() }
    let loop = EmbeddedEventLoop()
    for tls in [tls, nil] {
      let listener = Listener(core: core, group: loop, backlog: 1, tls: tls)
      let channel = EmbeddedChannel(loop: loop)
      // A closed channel accepts no handlers.
      if tls == nil { _ = try? channel.finish() }
      #expect(throws: (any Error).self) { try listener.accept(channel) }
      #expect(listener.registry.count == 0)
      _ = try? channel.finish()
    }
    #expect(core.admission.openConnections == 0)
  }

  @Test("run() returns when the server has been shut down")
  func run() async throws {
    let server = Server(
      configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)], eventLoopThreads: 1),
      services: [Scripted(methods: [Scripted.echo])],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    try await server.start()
    async let running: Void = server.run()
    await server.shutdown(grace: .zero)
    try await running
    await #expect(throws: RuntimeError.self) { try await server.start() }
  }

  @Test("A server that cannot listen reports it")
  func cannotListen() async throws {
    try await withServer([Scripted.echo]) { _, address in
      let second = Server(
        configuration: ServerConfiguration(addresses: [address], eventLoopThreads: 1),
        services: [],
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      )
      await #expect(throws: RuntimeError.self) { try await second.start() }
    }
  }

  @Test("Unix sockets serve too, and a socket file left behind is replaced")
  func unixSocket() async throws {
    let path = "/tmp/patron-test-\(UInt64.random(in: 0 ... .max)).sock"
    for _ in 0..<2 {
      let server = Server(
        configuration: ServerConfiguration(addresses: [.unix(path: path)], eventLoopThreads: 1),
        services: [Scripted(methods: [Scripted.echo])],
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      )
      #expect(try await server.start() == [.unix(path: path)])
      let client = try await WireClient.connect(to: .unix(path: path))
      expect(try await client.status(Scripted.path("Echo"), TestingV1.ChatRequest()), is: .ok)
      await server.shutdown(grace: .zero)
    }
  }
}
