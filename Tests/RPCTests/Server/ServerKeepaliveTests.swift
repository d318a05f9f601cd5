import Basics
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import RPC

@Suite("Keepalive and ageing of a server's connection (row 12)")
struct ServerKeepaliveTests {
  /// Makes a server's connection and the client at its other end.
  private func connect(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws -> EmbeddedPeer {
    var configuration = ServerConfiguration(addresses: [])
    configuration.limits.requestTimeout = .seconds(1_000_000)
    configuration.limits.progressTimeout = .seconds(1_000_000)
    change(&configuration)
    let core = try ServerCore(
      configuration: configuration,
      methods: [Scripted.echo],
      interceptors: [],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      random: RandomSource { 0 }
    )
    let loop = EmbeddedEventLoop()
    let connection = ServerConnection(core: core, loop: LoopResources(loop), peer: Peer(address: "test"))
    return try EmbeddedPeer(.client, of: connection, on: loop)
  }

  /// Opens a call whose request is incomplete, or one that is answered at once.
  @discardableResult
  private func call(_ peer: EmbeddedPeer, complete: Bool = false) throws -> HTTPStream {
    let stream = HTTPStream()
    let headers = WireClient.headers(Scripted.path("Echo"))
    try peer.session.submitRequest(stream, headers: HeaderBlock(literally: headers))
    if complete {
      peer.session.send(FrameHeader.frame([]), on: stream)
      peer.session.finish(stream, endingWith: .endStream)
    }
    try peer.exchange()
    return stream
  }

  @Test("a quiet client is sent a PING after two hours, and is kept when it answers")
  func pings() throws {
    let peer = try connect()
    defer { peer.close() }
    try peer.pass(7199)
    #expect(peer.pings == 0)
    try peer.pass(1)
    #expect(peer.pings == 1)
    try peer.pass(7201)
    #expect(peer.pings == 2)
    #expect(peer.channel.isActive)
  }

  @Test("a client that does not answer the PING is cut off after the time-out")
  func unanswered() throws {
    let peer = try connect { $0.keepalive.time = .seconds(60) }
    defer { peer.close() }
    try peer.pass(79, alive: false)
    #expect(peer.channel.isActive)
    try peer.pass(1, alive: false)
    #expect(!peer.channel.isActive)
  }

  @Test("without a keepalive time there are no PINGs")
  func off() throws {
    let peer = try connect { $0.keepalive.time = nil }
    defer { peer.close() }
    try peer.pass(10_000)
    #expect(peer.pings == 0)
  }

  @Test("a client that pings too often is cut off with too_many_pings")
  func tooManyPings() throws {
    let peer = try connect()
    defer { peer.close() }
    try call(peer)
    for number in 0..<3 {
      peer.session.ping(UInt64(number))
      try peer.exchange()
    }
    #expect(peer.goAways.isEmpty)
    peer.session.ping(4)
    try peer.exchange()
    #expect(peer.goAways == [.init(code: .enhanceYourCalm, text: "too_many_pings")])
    #expect(!peer.channel.isActive)
  }

  @Test("a client may ping after each answer it gets")
  func strikesReset() throws {
    let peer = try connect()
    defer { peer.close() }
    for _ in 0..<5 {
      try call(peer, complete: true)
      for _ in 0..<3 { peer.session.ping(1) }
      try peer.exchange()
    }
    #expect(peer.goAways.isEmpty)
    #expect(peer.channel.isActive)
  }

  @Test("a connection that is too old drains, and ends with its last call")
  func age() throws {
    let peer = try connect { $0.lifetime.ageMaximum = .seconds(1000) }
    defer { peer.close() }
    let stream = try call(peer)
    try peer.pass(899)
    #expect(peer.goAways.isEmpty)
    try peer.pass(1)
    #expect(peer.goAways.map(\.code) == [.noError, .noError])
    #expect(peer.goAways.last?.text == "max_age")
    try peer.pass(1000)
    #expect(peer.channel.isActive)
    peer.session.send(FrameHeader.frame([]), on: stream)
    peer.session.finish(stream, endingWith: .endStream)
    try peer.exchange()
    #expect(!peer.channel.isActive)
  }

  @Test("calls that outlast the grace of an old connection are cut off")
  func ageGrace() throws {
    let peer = try connect { $0.lifetime = .init(ageMaximum: .seconds(1000), ageGrace: .seconds(30)) }
    defer { peer.close() }
    try call(peer)
    try peer.pass(929)
    #expect(peer.channel.isActive)
    try peer.pass(1)
    #expect(!peer.channel.isActive)
  }

  @Test("a connection without calls ends after the idle time, and one with a call does not")
  func idle() throws {
    let idle = try connect { $0.lifetime.idleMaximum = .seconds(40) }
    defer { idle.close() }
    try idle.pass(20)
    try call(idle, complete: true)
    try idle.pass(39)
    #expect(idle.channel.isActive)
    try idle.pass(11)
    #expect(idle.goAways.map(\.code) == [.noError])
    // nghttp2's client without calls ignores what follows the first GOAWAY.
    try idle.pass(5)
    #expect(String(decoding: idle.received, as: UTF8.self).contains("max_idle"))
    #expect(!idle.channel.isActive)
    let busy = try connect { $0.lifetime.idleMaximum = .seconds(40) }
    defer { busy.close() }
    try call(busy)
    try busy.pass(1000)
    #expect(busy.goAways.isEmpty)
  }
}
