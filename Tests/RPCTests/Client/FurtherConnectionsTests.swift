import Logging
import NIOCore
import TestAPI
import Testing

@testable import RPC

@Suite("Further connections to a server that takes few calls on one", .timeLimit(.minutes(1)))
struct FurtherConnectionsTests {
  private func fixture(
    _ target: String,
    connections: Int,
    _ configure: (inout ChannelConfiguration) -> Void = { _ in }
  ) throws -> ClientFixture {
    try ClientFixture(
      target: target,
      limits: ChannelLimits(connectionsPerAddressMaximum: connections),
      configure: configure
    )
  }

  private func call(_ fixture: ClientFixture, _ text: String) -> Task<String, any Error> {
    Task { try await fixture.client.echo(.init(text: text)).text }
  }

  @Test("calls open further connections up to the limit, and wait only when all are full")
  func opensMore() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, connections: 2)
    let calls = (0..<3).map { call(fixture, "\($0)") }
    let first = try await peer.acceptReady(maxConcurrentStreams: 1)
    let one = try await first.request()
    let second = try await peer.acceptReady(maxConcurrentStreams: 1)
    let two = try await second.request()
    try await first.roundTrip()
    try await second.roundTrip()
    #expect(!first.hasPassedOver(Frame.Kind.headers, stream: one.stream + 2))
    #expect(!second.hasPassedOver(Frame.Kind.headers, stream: two.stream + 2))
    // The third goes where capacity becomes free.
    second.answer(two.stream)
    second.answer(try await second.request().stream)
    first.answer(one.stream)
    for call in calls { _ = try await call.value }
  }

  @Test("with a limit of one, calls wait instead")
  func off() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, connections: 1)
    let calls = (0..<3).map { call(fixture, "\($0)") }
    let connection = try await peer.acceptReady(maxConcurrentStreams: 1)
    for _ in calls { connection.answer(try await connection.request().stream) }
    for call in calls { _ = try await call.value }
    let next = Task { try await peer.accept() }
    await fixture.channel.close()
    next.cancel()
    await #expect(throws: ScriptedPeer.Gone.self) { try await next.value }
  }

  @Test("a further connection that is not needed any more is closed, and the first stays")
  func closesSurplus() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, connections: 2) { $0.surplusIdleTimeout = .milliseconds(20) }
    let calls = (0..<2).map { call(fixture, "\($0)") }
    let first = try await peer.acceptReady(maxConcurrentStreams: 1)
    let one = try await first.request()
    let second = try await peer.acceptReady(maxConcurrentStreams: 1)
    second.answer(try await second.request().stream)
    first.answer(one.stream)
    for call in calls { _ = try await call.value }
    while await second.next() != nil {}
    let next = call(fixture, "next")
    first.answer(try await first.request().stream)
    _ = try await next.value
  }

  @Test("a further connection that fails fails no call, and is tried again after a pause")
  func growthFails() async throws {
    let peer = try await ScriptedPeer()
    let hasFailed = Flag()
    let logger = Logger(label: "test") { _ in
      RecordingLogHandler { if $0.contains("connecting failed") { hasFailed.raise() } }
    }
    let fixture = try ClientFixture(
      target: peer.target,
      limits: ChannelLimits(connectionsPerAddressMaximum: 2),
      logger: logger
    )
    let running = call(fixture, "running")
    let first = try await peer.acceptReady(maxConcurrentStreams: 1)
    let one = try await first.request()
    await peer.close()
    let waiting = call(fixture, "waiting")
    await hasFailed.wait()
    let back = try await ScriptedPeer(at: peer.address)
    let second = try await back.acceptReady(maxConcurrentStreams: 1)
    second.answer(try await second.request().stream, try TestingV1.EchoResponse.bytes("on the second"))
    #expect(try await waiting.value == "on the second")
    first.answer(one.stream)
    _ = try await running.value
  }

  @Test("when the first connection is lost the others continue, unnoticed")
  func losesFirst() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, connections: 2)
    let calls = (0..<2).map { call(fixture, "\($0)") }
    let first = try await peer.acceptReady(maxConcurrentStreams: 1)
    let one = try await first.request()
    let second = try await peer.acceptReady(maxConcurrentStreams: 1)
    let two = try await second.request()
    first.answer(one.stream)
    first.send(.goAway(lastStream: one.stream))
    while await first.next() != nil {}
    second.answer(two.stream)
    for call in calls { _ = try await call.value }
    let next = call(fixture, "next")
    second.answer(try await second.request().stream)
    _ = try await next.value
  }

  @Test("round_robin fills the room of all addresses before it connects again")
  func fillsAllAddresses() async throws {
    let peers = try await [ScriptedPeer(), ScriptedPeer()]
    let fixture = try fixture("ipv4:\(peers[0].authority),\(peers[1].authority)", connections: 1) {
      $0.serviceConfig.loadBalancing = .roundRobin
    }
    let warm = call(fixture, "warm")
    let first = try await peers[0].acceptReady(maxConcurrentStreams: 1)
    first.answer(try await first.request().stream)
    _ = try await warm.value
    let second = try await peers[1].acceptReady(maxConcurrentStreams: 3)
    try await second.roundTrip()
    // In turn each would get two.
    let calls = (0..<4).map { call(fixture, "\($0)") }
    let one = try await first.request().stream
    var others: [Int32] = []
    for _ in 0..<3 { others.append(try await second.request().stream) }
    for stream in others { second.answer(stream) }
    first.answer(one)
    for call in calls { _ = try await call.value }
  }

  @Test("eight calls run at once on a real server that takes two on a connection")
  func realServer() async throws {
    let arrived = Arrivals(8)
    let method = Scripted.unary("Together") { request, _ in
      await arrived.arrive()
      return Scripted.Response(text: request.text)
    }
    var limits = ServerLimits.defaults
    limits.streamsMaximum = 2
    try await withServer([method], limits: limits) { _, address in
      let channel = try ClientFixture(target: "\(address)").channel
      let descriptor = MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: "Together", kind: .unary)
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<8 {
          group.addTask {
            let response: Scripted.Response = try await channel.unary(
              descriptor,
              Scripted.Request(text: "\(number)"),
              options: .init()
            )
            return response.text
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(texts.count == 8)
      await channel.close()
    }
  }
}
