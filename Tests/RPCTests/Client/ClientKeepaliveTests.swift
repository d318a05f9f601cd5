import Basics
import Logging
import NIOCore
import NIOEmbedded
import TestAPI
import Testing

@testable import RPC

@Suite("Keepalive and idling of a channel's connection (row 12)")
struct ClientKeepaliveTests {
  /// Records the events of a connection.
  private final class Owner: ClientConnectionOwner {
    var isUnused = false
    var isRetired = false
    var tooOften: ClientKeepalive?
    var loss: RPCError?

    func connectionIsReady(_ connection: ClientConnection) {}
    func connectionHasCapacity(_ connection: ClientConnection) {}
    func connectionIsUnused(_ connection: ClientConnection) { isUnused = true }
    func connectionRetired(_ connection: ClientConnection) { isRetired = true }
    func connectionPingedTooOften(_ connection: ClientConnection, keepalive: ClientKeepalive) { tooOften = keepalive }
    func connectionClosed(_ connection: ClientConnection, error: RPCError) { loss = error }
  }

  /// A channel's connection and the server at its other end.
  private struct Fixture {
    let owner = Owner()
    let connection: ClientConnection
    let peer: EmbeddedPeer
    private let lane: ChannelLane

    init(keepalive: ClientKeepalive = .defaults, idleTimeout: Duration? = nil) throws {
      let loop = EmbeddedEventLoop()
      let configuration = ChannelConfiguration(eventLoopGroup: loop)
      let target = try ChannelTarget(parsing: "ipv4:127.0.0.1:1")
      lane = ChannelLane(
        eventLoop: loop,
        target: target,
        configuration: configuration,
        tls: nil,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        resolver: .system,
        balancer: PickFirst(),
        random: .system
      )
      connection = ClientConnection(
        peer: "test",
        limits: .defaults,
        life: ConnectionLife(keepalive: keepalive, idleTimeout: idleTimeout),
        requestHeaders: lane.requestHeaders,
        owner: owner
      )
      peer = try EmbeddedPeer(.server, of: connection, on: loop)
    }

    func call() throws {
      let method = MethodDescriptor(service: "s", name: "m", kind: .unary)
      let outgoing = OutgoingCall(method: method, target: "", options: .init(), deadline: .distantFuture)
      let request = FrameHeader.frame([])
      let call = ClientCall(outgoing, lane: lane, startTime: .now(), request: request, receiver: Ignored())
      #expect(call.start())
      connection.open(call)
      try peer.exchange()
    }

    func answer() throws {
      let stream = try #require(peer.streams.last)
      let headers = HeaderBlock(literally: [
        (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "5"),
      ])
      peer.session.submitResponse(stream, headers: headers, endStream: true)
      try peer.exchange()
    }
  }

  private final class Ignored: ResponseReceiver {
    func receivedHeaders(_ metadata: Metadata) {}
    func received(_ message: FrameReader.Message, credit: Int) {}
    func ended(_ outcome: AttemptOutcome) {}
  }

  @Test("there are no PINGs unless a time is set")
  func off() throws {
    let fixture = try Fixture()
    defer { fixture.peer.close() }
    try fixture.call()
    try fixture.peer.pass(10_000)
    #expect(fixture.peer.pings == 0)
  }

  @Test("a quiet connection with a call is sent PINGs, and lives while they are answered")
  func pings() throws {
    let fixture = try Fixture(keepalive: .init(time: .seconds(60)))
    defer { fixture.peer.close() }
    try fixture.call()
    try fixture.peer.pass(59)
    #expect(fixture.peer.pings == 0)
    try fixture.peer.pass(200)
    #expect(fixture.peer.pings == 4)
    #expect(fixture.peer.channel.isActive)
  }

  @Test("a server that does not answer loses its connection, and the calls are UNAVAILABLE")
  func unanswered() throws {
    let fixture = try Fixture(keepalive: .init(time: .seconds(60), timeout: .seconds(5)))
    defer { fixture.peer.close() }
    try fixture.call()
    try fixture.peer.pass(64, alive: false)
    #expect(fixture.peer.channel.isActive)
    try fixture.peer.pass(1, alive: false)
    #expect(!fixture.peer.channel.isActive)
    #expect(fixture.owner.loss?.code == .unavailable)
    #expect(fixture.owner.loss?.message.contains("keepalive") == true)
  }

  @Test("without calls there are PINGs only where permitted; a call after a silence is preceded by one")
  func withoutCalls() throws {
    let quiet = try Fixture(keepalive: .init(time: .seconds(60)))
    defer { quiet.peer.close() }
    try quiet.peer.pass(100)
    #expect(quiet.peer.pings == 0)
    try quiet.call()
    #expect(quiet.peer.pings == 1)
    let eager = try Fixture(keepalive: .init(time: .seconds(60), pingsWithoutCalls: true))
    defer { eager.peer.close() }
    try eager.peer.pass(60)
    #expect(eager.peer.pings == 1)
  }

  @Test("a call after a silence on a dead connection fails after the time-out alone")
  func callOnDeadConnection() throws {
    let fixture = try Fixture(keepalive: .init(time: .seconds(60), timeout: .seconds(5)))
    defer { fixture.peer.close() }
    try fixture.peer.pass(100)
    try fixture.call()
    try fixture.answer()
    try fixture.peer.pass(100)
    let before = fixture.peer.pings
    try fixture.call()
    #expect(fixture.peer.pings == before + 1)
    try fixture.peer.pass(65, alive: false)
    #expect(!fixture.peer.channel.isActive)
  }

  @Test("no PING comes sooner than after ten seconds, whatever is set")
  func minimum() throws {
    let fixture = try Fixture(keepalive: .init(time: .seconds(1)))
    defer { fixture.peer.close() }
    try fixture.call()
    try fixture.peer.pass(9)
    #expect(fixture.peer.pings == 0)
    try fixture.peer.pass(1)
    #expect(fixture.peer.pings == 1)
  }

  @Test("a GOAWAY with too_many_pings is reported, and no other")
  func tooManyPings() throws {
    for (code, text) in [(HTTP2ErrorCode.enhanceYourCalm, "calm down"), (.noError, "too_many_pings")] {
      let fixture = try Fixture(keepalive: .init(time: .seconds(60)))
      defer { fixture.peer.close() }
      fixture.peer.session.goAway(code, debugData: text)
      try fixture.peer.exchange()
      #expect(fixture.owner.tooOften == nil)
    }
    let fixture = try Fixture(keepalive: .init(time: .seconds(60)))
    defer { fixture.peer.close() }
    fixture.peer.session.goAway(.enhanceYourCalm, debugData: "too_many_pings")
    try fixture.peer.exchange()
    #expect(fixture.owner.tooOften == .init(time: .seconds(60)))
  }

  @Test("each refusal doubles the time, counted from what the connection used")
  func slowDown() {
    var keepalive = ClientKeepalive(time: .seconds(1))
    let first = keepalive
    keepalive.slowDown(from: first)
    #expect(keepalive.effectiveTime == .seconds(20))
    keepalive.slowDown(from: first)
    #expect(keepalive.effectiveTime == .seconds(20))
    keepalive.slowDown(from: keepalive)
    #expect(keepalive.effectiveTime == .seconds(40))
  }

  @Test("a channel uses the doubled time for its next connection")
  func channelSlowsDown() async throws {
    let peer = try await ScriptedPeer()
    let configuration = ChannelConfiguration(keepalive: .init(time: .seconds(60)))
    let eventLoop = configuration.eventLoopGroup.next()
    let lane = ChannelLane(
      eventLoop: eventLoop,
      target: try ChannelTarget(parsing: peer.target),
      configuration: configuration,
      tls: nil,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      resolver: .system,
      balancer: PickFirst(),
      random: .system
    )
    let method = MethodDescriptor(service: "s", name: "m", kind: .unary)
    let outgoing = OutgoingCall(method: method, target: "", options: .init(), deadline: .distantFuture)
    let request = FrameHeader.frame([])
    let call = ClientCall(outgoing, lane: lane, startTime: .now(), request: request, receiver: Ignored())
    lane.submit(.start(call))
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.goAway(lastStream: stream, code: 11, text: "too_many_pings"))
    try await connection.roundTrip()
    #expect(try await eventLoop.submit { lane.keepalive.time }.get() == .seconds(120))
    connection.close()
    let closed = eventLoop.makePromise(of: Void.self)
    lane.close(grace: .zero, promise: closed)
    try await closed.futureResult.get()
  }

  @Test("a connection without calls is reported unused after its idle time-out, and one with a call is not")
  func idle() throws {
    let fixture = try Fixture(idleTimeout: .seconds(40))
    defer { fixture.peer.close() }
    try fixture.call()
    try fixture.peer.pass(1000)
    #expect(!fixture.owner.isUnused)
    try fixture.answer()
    try fixture.peer.pass(39)
    #expect(!fixture.owner.isUnused)
    try fixture.peer.pass(11)
    #expect(fixture.owner.isUnused)
    #expect(!fixture.owner.isRetired)
    fixture.connection.retire()
    try fixture.peer.exchange()
    #expect(fixture.owner.isRetired)
    #expect(fixture.peer.goAways == [.init(code: .noError, text: "")])
    #expect(!fixture.peer.channel.isActive)
  }

  @Test("a channel that closed its idle connection connects again for the next call", .timeLimit(.minutes(1)))
  func reconnects() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) { $0.idleTimeout = .milliseconds(20) }
    for _ in 0..<2 {
      async let response = fixture.client.echo(.init(), options: .init(waitForReady: true))
      let connection = try await peer.acceptReady()
      connection.answer(try await connection.request().stream)
      _ = try await response
      while await connection.next() != nil {}
    }
    await fixture.channel.close()
  }
}
