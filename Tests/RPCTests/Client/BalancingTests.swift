import TestAPI
import Testing

@testable import RPC

@Suite("Calls over several addresses", .timeLimit(.minutes(1)))
struct BalancingTests {
  private func target(_ peers: ScriptedPeer...) -> String {
    "ipv4:" + peers.map(\.authority).joined(separator: ",")
  }

  private func fixture(
    _ target: String,
    resolver: NameResolver = .system,
    _ configure: (inout ChannelConfiguration) -> Void = { _ in }
  ) throws -> ClientFixture {
    try ClientFixture(target: target, resolver: resolver) {
      $0.serviceConfig.loadBalancing = .roundRobin
      configure(&$0)
    }
  }

  private func echo(_ fixture: ClientFixture) async throws -> String {
    try await fixture.client.echo(.init(), options: .init(waitForReady: true)).text
  }

  /// Makes calls until each of the texts was an answer.
  private func waitForAll(_ texts: Set<String>, _ fixture: ClientFixture) async throws {
    var missing = texts
    while !missing.isEmpty { missing.remove(try await echo(fixture)) }
  }

  @Test("round_robin connects to all addresses and gives each the same share of the calls")
  func shares() async throws {
    let peers = try await [ScriptedPeer(), ScriptedPeer(), ScriptedPeer()]
    let servers = peers.enumerated().map { $1.answering("\($0)") }
    let fixture = try fixture(target(peers[0], peers[1], peers[2]))
    try await waitForAll(["0", "1", "2"], fixture)
    var counts: [String: Int] = [:]
    for _ in 0..<30 { counts[try await echo(fixture), default: 0] += 1 }
    #expect(counts == ["0": 10, "1": 10, "2": 10])
    await fixture.channel.close()
    for server in servers { server.cancel() }
  }

  @Test("pick_first uses one address though others would answer")
  func picksFirst() async throws {
    let (first, second) = try await (ScriptedPeer(), ScriptedPeer())
    let servers = [first.answering("first"), second.answering("second")]
    let fixture = try ClientFixture(target: target(first, second))
    for _ in 0..<10 { #expect(try await echo(fixture) == "first") }
    for server in servers { server.cancel() }
  }

  @Test("an address without a server gets no calls, and gets its share when there is one")
  func oneDown() async throws {
    let (up, down) = try await (ScriptedPeer(), ScriptedPeer())
    await down.close()
    let first = up.answering("up")
    let fixture = try fixture(target(down, up))
    for _ in 0..<10 { #expect(try await echo(fixture) == "up") }
    let back = try await ScriptedPeer(at: down.address)
    let second = back.answering("back")
    try await waitForAll(["up", "back"], fixture)
    first.cancel()
    second.cancel()
  }

  @Test("with all addresses down calls fail at once, except those that wait for readiness")
  func allDown() async throws {
    let (first, second) = try await (ScriptedPeer(), ScriptedPeer())
    await first.close()
    await second.close()
    let fixture = try fixture(target(first, second))
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .unavailable)
    async let waiting = echo(fixture)
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.info?.reason == "CONNECTION_FAILED")
    let back = try await ScriptedPeer(at: second.address)
    let server = back.answering("back")
    #expect(try await waiting == "back")
    server.cancel()
  }

  @Test("a lost connection is made again without a call")
  func reconnectsWithoutCalls() async throws {
    let (first, second) = try await (ScriptedPeer(), ScriptedPeer())
    let server = first.answering("first")
    let fixture = try fixture(target(first, second))
    _ = try await echo(fixture)
    for _ in 0..<3 {
      let connection = try await second.acceptReady()
      try await connection.roundTrip()
      connection.close()
    }
    _ = try await second.acceptReady()
    server.cancel()
  }

  @Test("a server that drains gets no more calls, loses none, and is connected to again")
  func drains() async throws {
    let (first, second) = try await (ScriptedPeer(), ScriptedPeer())
    let server = first.answering("first")
    let fixture = try fixture(target(first, second))
    _ = try await echo(fixture)
    let old = try await second.acceptReady()
    try await old.roundTrip()
    async let one = echo(fixture)
    async let two = echo(fixture)
    let running = try await old.request()
    old.send(.goAway(lastStream: running.stream))
    _ = try await second.accept()
    for _ in 0..<5 { #expect(try await echo(fixture) == "first") }
    old.answer(running.stream, try TestingV1.EchoResponse.bytes("second"))
    #expect(try await Set([one, two]) == ["first", "second"])
    while await old.next() != nil {}
    server.cancel()
  }

  @Test("the connections of a channel without calls are all closed after the idle time-out, and stay closed")
  func sleeps() async throws {
    let peers = try await [ScriptedPeer(), ScriptedPeer()]
    let fixture = try fixture(target(peers[0], peers[1])) { $0.idleTimeout = .milliseconds(50) }
    for _ in 0..<2 {
      async let response = echo(fixture)
      let (first, second) = try await (peers[0].acceptReady(), peers[1].accept())
      first.answer(try await first.request().stream, try TestingV1.EchoResponse.bytes("first"))
      second.send(.settings(), .settingsAcknowledgement)
      #expect(try await response == "first")
      // Had a connection been made while the channel was idle, the next round would find it without a request.
      while await first.next() != nil {}
      while await second.next() != nil {}
    }
    await fixture.channel.close()
  }

  @Test("a name that gains an address and loses another is followed, and the calls with it")
  func followsName() async throws {
    let peers = try await [ScriptedPeer(), ScriptedPeer(), ScriptedPeer()]
    let servers = peers.enumerated().map { $1.answering("\($0)") }
    let names = ScriptedResolver([peers[0].address, peers[1].address])
    let fixture = try fixture("dns:///members:1", resolver: names.resolver) {
      $0.resolution = .init(minimumInterval: .zero, period: .milliseconds(5))
    }
    try await waitForAll(["0", "1"], fixture)
    names.answer(with: [peers[1].address, peers[2].address])
    try await waitForAll(["2"], fixture)
    for _ in 0..<10 { #expect(try await echo(fixture) != "0") }
    try await waitForAll(["1", "2"], fixture)
    await fixture.channel.close()
    for server in servers { server.cancel() }
  }

  @Test("a lost connection has the name looked up again")
  func looksUpAfterLoss() async throws {
    let (first, second) = try await (ScriptedPeer(), ScriptedPeer())
    let names = ScriptedResolver([first.address])
    let fixture = try fixture("dns:///members:1", resolver: names.resolver) { $0.resolution.minimumInterval = .zero }
    async let response = echo(fixture)
    let connection = try await first.acceptReady()
    connection.answer(try await connection.request().stream)
    _ = try await response
    let server = second.answering("second")
    await first.close()
    names.answer(with: [second.address])
    connection.close()
    // A call may be sent on the connection whose end the client has not seen.
    while (try? await echo(fixture)) != "second" {}
    server.cancel()
  }
}
