import NIOCore
import NIOPosix
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Connections of a channel", .timeLimit(.minutes(1)))
struct ConnectionTests {
  @Test("without a server a call fails at once with UNAVAILABLE")
  func failsFast() async throws {
    let peer = try await ScriptedPeer()
    await peer.close()
    let fixture = try ClientFixture(target: peer.target)
    let error = try await rpcError { try await fixture.client.echo(.init()) }
    #expect(error.code == .unavailable)
    #expect(error.info?.reason == "CONNECTION_FAILED")
  }

  @Test("a call that waits for readiness gets through when the server appears")
  func waitsForReady() async throws {
    let gone = try await ScriptedPeer()
    await gone.close()
    let fixture = try ClientFixture(target: gone.target)
    async let response = fixture.client.echo(.init(), options: .init(waitForReady: true))
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .unavailable)
    let peer = try await ScriptedPeer(at: gone.address)
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("at last"))
    #expect(try await response.text == "at last")
  }

  @Test("a restarted server is found again")
  func reconnects() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    for _ in 0..<3 {
      async let response = repeated { try await fixture.client.echo(.init(), options: .init(waitForReady: true)) }
      let connection = try await peer.acceptReady()
      connection.answer(try await connection.request().stream)
      _ = try await response
      connection.close()
      while await connection.next() != nil {}
    }
  }

  /// Repeats a call, because it may be sent on a connection whose end the client has not seen.
  private func repeated<Result>(_ call: () async throws -> Result) async throws -> Result {
    while true {
      do { return try await call() } catch let error as RPCError where error.code == .unavailable {}
    }
  }

  @Test("calls that a lost connection may have carried to the server are UNAVAILABLE and not sent again")
  func lostConnection() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let recorder = CallRecorder()
    async let error = rpcError { try await fixture.client.echo(.init(), options: .init(observers: [recorder])) }
    let connection = try await peer.acceptReady()
    _ = try await connection.request()
    connection.close()
    #expect(try await error.code == .unavailable)
    #expect(try await error.info?.reason == "CONNECTION_LOST")
    #expect(recorder.attempts == 1)
  }

  @Test("a server that never sends SETTINGS is given up")
  func noSettings() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) { $0.backoff.minimumConnectTimeout = .milliseconds(50) }
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .unavailable)
  }

  @Test("a server that does not speak HTTP/2 is UNAVAILABLE")
  func notHTTP2() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.accept()
    connection.send(bytes: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    #expect(try await error.code == .unavailable)
  }

  @Test("a server that breaks HTTP/2 ends the connection's calls with UNAVAILABLE")
  func breaksHTTP2() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    _ = try await connection.request()
    connection.send(.data(0, [1, 2, 3]))
    #expect(try await error.code == .unavailable)
    #expect(try await connection.next(Frame.Kind.goAway).payload.count >= 8)
  }

  @Test("never more streams are open than the peer allows, and the other calls wait their turn")
  func streamLimit() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, limits: ChannelLimits(connectionsPerAddressMaximum: 1))
    async let texts = withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<20 { group.addTask { try await fixture.client.echo(.init(text: "\(number)")).text } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    let connection = try await peer.acceptReady(maxConcurrentStreams: 2)
    var open: [Int32] = []
    for number in 0..<20 {
      let request = try await connection.request()
      open.append(request.stream)
      #expect(open.count <= 2)
      // A third request arrives only when one of two was answered.
      if open.count == 2 || number == 19 {
        for stream in open { connection.answer(stream) }
        open = []
      }
    }
    _ = try await texts
  }

  @Test("2,000 calls started at once on one channel all succeed though the peer allows 100")
  func manyCalls() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, limits: ChannelLimits(connectionsPerAddressMaximum: 1))
    let server = Task {
      let connection = try await peer.acceptReady(maxConcurrentStreams: 100)
      var open = 0
      var mostOpen = 0
      while let frame = await connection.next() {
        if frame.kind == Frame.Kind.headers {
          open += 1
          mostOpen = max(mostOpen, open)
        }
        if frame.endsStream {
          connection.answer(frame.stream)
          open -= 1
        }
      }
      return mostOpen
    }
    let succeeded = try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2000 { group.addTask { _ = try await fixture.client.echo(.init()) } }
      return try await group.reduce(0) { count, _ in count + 1 }
    }
    #expect(succeeded == 2000)
    await fixture.channel.close()
    #expect(try await server.value <= 100)
  }

  @Test("beyond the limit of waiting calls one more is RESOURCE_EXHAUSTED")
  func waitingLimit() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, limits: ChannelLimits(waitingCalls: 1))
    let first = Task { try await rpcError { try await fixture.client.echo(.init()) } }
    _ = try await peer.accept()
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .resourceExhausted)
    first.cancel()
    #expect(try await first.value.code == .cancelled)
  }

  @Test("calls made on an event loop of the channel use a connection of that loop")
  func sameEventLoop() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let loops = Array(group.makeIterator())
    for loop in loops {
      let recorder = LoopRecorder(loop)
      let task = Task(executorPreference: EventLoopExecutor(loop)) {
        _ = try await fixture.client.echo(.init(), options: .init(observers: [recorder]))
      }
      let connection = try await peer.acceptReady()
      connection.answer(try await connection.request().stream)
      try await task.value
      #expect(recorder.wasOnLoop)
    }
  }

  private final class LoopRecorder: CallObserver {
    private let loop: any EventLoop
    private let onLoop = Mutex(false)

    init(_ loop: any EventLoop) { self.loop = loop }

    var wasOnLoop: Bool { onLoop.withLock { $0 } }

    func ended(_ summary: CallSummary) { onLoop.withLock { $0 = loop.inEventLoop } }
  }
}
