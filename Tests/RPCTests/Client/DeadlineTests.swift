import NIOCore
import TestAPI
import Testing

@testable import RPC

@Suite("Deadlines of client calls", .timeLimit(.minutes(1)))
struct DeadlineTests {
  private func serving(deadline: NIODeadline?) -> ServerContext {
    ServerContext(
      method: MethodDescriptor(service: "a", name: "b", kind: .unary),
      deadline: deadline
    )
  }

  /// Returns the milliseconds of `grpc-timeout`.
  private func milliseconds(_ request: ScriptedRequest) throws -> Int64 {
    let text = try #require(request["grpc-timeout"])
    return try #require(Timeout.decode(text)) / 1_000_000
  }

  /// Makes a fixture with a connection, so that a short timeout applies to the call alone.
  private func connected(_ peer: ScriptedPeer) async throws -> (ClientFixture, ScriptedConnection) {
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream)
    _ = try await response
    return (fixture, connection)
  }

  @Test("the timeout is sent as grpc-timeout")
  func isSent() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init(), options: .init(timeout: .seconds(3600)))
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect((3_500_000...3_600_000).contains(try milliseconds(request)))
    connection.answer(request.stream)
    _ = try await response
  }

  @Test("a call without an answer ends at its deadline and resets its stream")
  func expires() async throws {
    let peer = try await ScriptedPeer()
    let (fixture, connection) = try await connected(peer)
    async let error = rpcError { try await fixture.client.echo(.init(), options: .init(timeout: .seconds(2))) }
    let stream = try await connection.request().stream
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == 8)
    #expect(try await error.code == .deadlineExceeded)
  }

  @Test("a call that waits for a connection ends at its deadline")
  func expiresWaiting() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    // The peer never sends its SETTINGS.
    let error = try await rpcError {
      try await fixture.client.echo(.init(), options: .init(timeout: .milliseconds(20)))
    }
    #expect(error.code == .deadlineExceeded)
  }

  @Test("the remaining time of the call being served is handed on")
  func propagates() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = ServerContext.$current.withValue(serving(deadline: .now() + .seconds(60))) {
      try await fixture.client.echo(.init())
    }
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect((1...60_000).contains(try milliseconds(request)))
    connection.answer(request.stream)
    _ = try await response
  }

  @Test("of the call's own timeout and the time left to the call being served the smaller wins")
  func smallerWins() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let first = ServerContext.$current.withValue(serving(deadline: .now() + .seconds(60))) {
      try await fixture.client.echo(.init(), options: .init(timeout: .seconds(600)))
    }
    let connection = try await peer.acceptReady()
    let inherited = try await connection.request()
    #expect(try milliseconds(inherited) <= 60_000)
    connection.answer(inherited.stream)
    _ = try await first
    async let second = ServerContext.$current.withValue(serving(deadline: .now() + .seconds(600))) {
      try await fixture.client.echo(.init(), options: .init(timeout: .seconds(60)))
    }
    let own = try await connection.request()
    #expect(try milliseconds(own) <= 60_000)
    connection.answer(own.stream)
    _ = try await second
  }

  @Test("a timeout beyond all bounds is none", arguments: [Duration.seconds(Int64.max), .seconds(400 * 365 * 86400)])
  func hugeTimeout(timeout: Duration) async throws {
    let peer = try await ScriptedPeer()
    let (fixture, connection) = try await connected(peer)
    async let response = fixture.client.echo(.init(), options: .init(timeout: timeout))
    connection.answer(try await connection.request().stream)
    _ = try await response
  }

  @Test("a call whose time is over is not sent at all")
  func alreadyOver() async throws {
    let fixture = try ClientFixture(target: "ipv4:127.0.0.1:1")
    let error = try await ServerContext.$current.withValue(serving(deadline: .now() - .seconds(1))) {
      try await rpcError { try await fixture.client.echo(.init()) }
    }
    #expect(error.code == .deadlineExceeded)
  }

  @Test("a deadline that passes in the middle of a stream of responses ends it")
  func expiresStreaming() async throws {
    let peer = try await ScriptedPeer()
    let (fixture, connection) = try await connected(peer)
    let responses = try await fixture.client.expand(.init(), options: .init(timeout: .seconds(8)))
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, try TestingV1.ExpandResponse.frame(0)))
    var count = 0
    let error = try await rpcError { for try await _ in responses { count += 1 } }
    #expect(error.code == .deadlineExceeded)
    #expect(count == 1)
  }
}
