import Messages
import NIOCore
import TestAPI
import Testing

@testable import RPC

@Suite("The service config of a method", .timeLimit(.minutes(1)))
struct MethodConfigTests {
  private func config(_ members: String) throws -> ServiceConfig {
    try ServiceConfig(
      json: """
        {"methodConfig": [{"name": [{"service": "patron.testing.v1.EchoService", "method": "Echo"}], \(members)}]}
        """
    )
  }

  private func fixture(_ target: String, _ members: String, limits: ChannelLimits = .defaults) throws -> ClientFixture {
    let config = try config(members)
    return try ClientFixture(target: target, limits: limits) { $0.serviceConfig = config }
  }

  @Test(
    "of its time-out and the call's own the smaller counts",
    arguments: [(nil, 60), (.seconds(600), 60), (.seconds(6), 6)] as [(Duration?, Int64)]
  )
  func timeout(_ own: Duration?, _ seconds: Int64) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, #""timeout": "60s""#)
    async let response = fixture.client.echo(.init(), options: .init(timeout: own))
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    let granted = try #require(request["grpc-timeout"].flatMap { Timeout.decode($0) }) / 1_000_000_000
    #expect((seconds - 5...seconds).contains(granted))
    connection.answer(request.stream)
    _ = try await response
  }

  @Test("other methods have none of it")
  func otherMethod() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, #""timeout": "60s""#)
    let responses = try await fixture.client.expand(.init())
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect(request["grpc-timeout"] == nil)
    connection.send(.trailersOnly(request.stream, status: 0))
    for try await _ in responses {}
  }

  @Test("a call waits for a connection if it says so, unless the call itself says otherwise")
  func waitForReady() async throws {
    let gone = try await ScriptedPeer()
    await gone.close()
    let fixture = try fixture(gone.target, #""waitForReady": true"#)
    async let response = fixture.client.echo(.init())
    let error = try await rpcError { try await fixture.client.echo(.init(), options: .init(waitForReady: false)) }
    #expect(error.code == .unavailable)
    let peer = try await ScriptedPeer(at: gone.address)
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("at last"))
    #expect(try await response.text == "at last")
  }

  @Test("of its limit on requests and the one that holds otherwise the smaller counts")
  func requestLimit() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer.target, #""maxRequestMessageBytes": 100"#)
    for (size, own) in [(150, nil), (150, 200), (60, 50)] {
      let request = TestingV1.EchoRequest(payload: [UInt8](repeating: 0, count: size))
      let options = CallOptions(requestBytesMaximum: own)
      let error = try await rpcError { try await fixture.client.echo(request, options: options) }
      #expect(error.info?.metadata["limit_bytes"] == "\(min(100, own ?? 100))")
    }
  }

  @Test("of its limit on responses and the one that holds otherwise the smaller counts")
  func responseLimit() async throws {
    let peer = try await ScriptedPeer()
    let small = ChannelLimits(receivedMessageBytes: 40)
    for (limits, own, expected) in [(ChannelLimits.defaults, nil, 100), (.defaults, 60, 60), (small, nil, 40)] {
      let fixture = try fixture(peer.target, #""maxResponseMessageBytes": 100"#, limits: limits)
      let options = CallOptions(responseBytesMaximum: own)
      async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
      let connection = try await peer.acceptReady()
      connection.answer(try await connection.request().stream, [UInt8](repeating: 0, count: 101))
      #expect(try await error.info?.metadata["limit_bytes"] == "\(expected)")
    }
  }
}
