import Logging
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Health-checked addresses (grpc/grpc doc/health-checking.md)", .timeLimit(.minutes(1)))
struct HealthCheckingTests {
  private let serving: [UInt8] = [0x08, 1]
  private let notServing: [UInt8] = [0x08, 2]
  private let watchPath = "/grpc.health.v1.Health/Watch"

  private func fixture(
    _ peers: ScriptedPeer...,
    policy: LoadBalancingPolicy = .roundRobin,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  ) throws -> ClientFixture {
    let addresses = peers.map(\.authority).joined(separator: ",")
    return try ClientFixture(target: "ipv4:\(addresses)", logger: logger) {
      $0.serviceConfig = ServiceConfig(loadBalancing: policy, healthCheckService: "members")
    }
  }

  /// Waits for a client's next connection and its health stream.
  private func accept(_ peer: ScriptedPeer) async throws -> (ScriptedConnection, Int32) {
    let connection = try await peer.acceptReady()
    let watch = try await connection.request()
    #expect(watch[":path"] == watchPath)
    #expect(watch.body == framed([0x0a, 7] + Array("members".utf8)))
    return (connection, watch.stream)
  }

  private func say(_ status: [UInt8], _ connection: ScriptedConnection, _ stream: Int32) async throws {
    connection.send(.data(stream, framed(status)))
    try await connection.roundTrip()
  }

  @Test("an address gets calls only while its health service says SERVING")
  func follows() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer)
    async let waiting = fixture.client.echo(.init(text: "waiting"))
    let (connection, watch) = try await accept(peer)
    try await connection.roundTrip()
    #expect(!connection.hasPassedOver(Frame.Kind.headers, stream: watch + 2))
    connection.send(.responseHeaders(watch))
    try await say(serving, connection, watch)
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("healthy"))
    #expect(try await waiting.text == "healthy")

    try await say(notServing, connection, watch)
    let error = try await rpcError { try await fixture.client.echo(.init()) }
    #expect(error.code == .unavailable)
    #expect(error.info?.reason == "UNHEALTHY")
    #expect(error.message.contains("NOT_SERVING"))

    try await say(serving, connection, watch)
    async let again = fixture.client.echo(.init())
    connection.answer(try await connection.request().stream)
    _ = try await again
  }

  @Test("calls go to the healthy address, whichever answers first")
  func prefersHealthy() async throws {
    let (sick, well) = try await (ScriptedPeer(), ScriptedPeer())
    let fixture = try fixture(sick, well)
    async let first = fixture.client.echo(.init())
    let (sickConnection, sickWatch) = try await accept(sick)
    sickConnection.send(.responseHeaders(sickWatch))
    try await say(notServing, sickConnection, sickWatch)
    let (connection, watch) = try await accept(well)
    connection.send(.responseHeaders(watch))
    try await say(serving, connection, watch)
    connection.answer(try await connection.request().stream)
    _ = try await first
    for _ in 0..<5 {
      async let response = fixture.client.echo(.init())
      connection.answer(try await connection.request().stream)
      _ = try await response
    }
    try await sickConnection.roundTrip()
    #expect(!sickConnection.hasPassedOver(Frame.Kind.headers, stream: sickWatch + 2))
  }

  @Test("a server without a health service counts as healthy, which is logged once")
  func unimplemented() async throws {
    let lines = Mutex<[String]>([])
    let logger = Logger(label: "test") { _ in
      RecordingLogHandler { line in lines.withLock { $0.append(line) } }
    }
    let peers = try await [ScriptedPeer(), ScriptedPeer()]
    let fixture = try fixture(peers[0], peers[1], logger: logger)
    async let response = fixture.client.echo(.init())
    let (first, firstWatch) = try await accept(peers[0])
    let (second, secondWatch) = try await accept(peers[1])
    first.send(.trailersOnly(firstWatch, status: 12))
    first.answer(try await first.request().stream)
    _ = try await response
    second.send(.trailersOnly(secondWatch, status: 12))
    try await second.roundTrip()
    for connection in [second, first] {
      async let response = fixture.client.echo(.init())
      connection.answer(try await connection.request().stream)
      _ = try await response
    }
    #expect(lines.withLock { $0.count { $0.contains("no health service") } } == 1)
  }

  @Test("when the stream fails after an answer the address is unhealthy, and is asked again at once")
  func streamFails() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer)
    async let response = fixture.client.echo(.init())
    let (connection, watch) = try await accept(peer)
    connection.send(.responseHeaders(watch))
    try await say(serving, connection, watch)
    connection.answer(try await connection.request().stream)
    _ = try await response
    connection.send(.trailers(watch, status: 14, message: "restarting"))
    let again = try await connection.request()
    #expect(again[":path"] == watchPath)
    let error = try await rpcError { try await fixture.client.echo(.init()) }
    #expect(error.message.contains("restarting"))
    connection.send(.responseHeaders(again.stream))
    try await say(serving, connection, again.stream)
    async let recovered = fixture.client.echo(.init())
    connection.answer(try await connection.request().stream)
    _ = try await recovered
  }

  @Test("a stream that never answers is tried again and again, and calls fail meanwhile")
  func keepsAsking() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let (connection, watch) = try await accept(peer)
    connection.send(.trailersOnly(watch, status: 13))
    #expect(try await error.info?.reason == "UNHEALTHY")
    for _ in 0..<3 {
      let again = try await connection.request()
      #expect(again[":path"] == watchPath)
      connection.send(.reset(again.stream, 2))
    }
    let last = try await connection.request()
    connection.send(.responseHeaders(last.stream))
    try await say(serving, connection, last.stream)
    async let response = fixture.client.echo(.init())
    connection.answer(try await connection.request().stream)
    _ = try await response
  }

  @Test("an answer that cannot be read is a failure of the stream")
  func malformed() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let (connection, watch) = try await accept(peer)
    connection.send(.responseHeaders(watch), .data(watch, framed([0x08])))
    #expect(try await error.message.contains("cannot be read"))
    #expect(try await connection.next(Frame.Kind.resetStream, stream: watch).number == 8)
    #expect(try await connection.request()[":path"] == watchPath)
  }

  @Test("a draining connection is not held open by the stream, and the next one is asked")
  func drains() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer)
    async let response = fixture.client.echo(.init())
    let (connection, watch) = try await accept(peer)
    connection.send(.responseHeaders(watch))
    try await say(serving, connection, watch)
    let stream = try await connection.request().stream
    connection.answer(stream)
    _ = try await response
    connection.send(.goAway(lastStream: stream))
    let (next, nextWatch) = try await accept(peer)
    while await connection.next() != nil {}
    next.send(.responseHeaders(nextWatch))
    try await say(serving, next, nextWatch)
    async let second = fixture.client.echo(.init())
    next.answer(try await next.request().stream)
    _ = try await second
    await fixture.channel.close()
    while await next.next() != nil {}
  }

  @Test("a stream does not keep a channel without calls awake")
  func sleeps() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) {
      $0.serviceConfig = ServiceConfig(loadBalancing: .roundRobin, healthCheckService: "members")
      $0.idleTimeout = .milliseconds(20)
    }
    async let response = fixture.client.echo(.init())
    let (connection, watch) = try await accept(peer)
    connection.send(.responseHeaders(watch))
    try await say(serving, connection, watch)
    connection.answer(try await connection.request().stream)
    _ = try await response
    while await connection.next() != nil {}
  }

  @Test("pick_first checks no health")
  func pickFirst() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, policy: .pickFirst)
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect(request[":path"] != watchPath)
    connection.answer(request.stream)
    _ = try await response
  }
}
