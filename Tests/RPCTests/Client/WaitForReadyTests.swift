import TestAPI
import Testing

@testable import RPC

@Suite("Calls without a connection (grpc/grpc doc/wait-for-ready.md)", .timeLimit(.minutes(1)))
struct WaitForReadyTests {
  private func fixture(_ names: ScriptedResolver) throws -> ClientFixture {
    try ClientFixture(target: "dns:///members:1", resolver: names.resolver)
  }

  @Test("a call waits while the channel connects, whether it waits for readiness or not", arguments: [true, false])
  func waitsWhileConnecting(waitForReady: Bool) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init(), options: .init(waitForReady: waitForReady))
    let connection = try await peer.accept()
    // The first frame that a client sends shows that the connection is up; it has sent no request.
    _ = try await connection.next(Frame.Kind.settings)
    connection.send(.settings(), .settingsAcknowledgement)
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("ready"))
    #expect(try await response.text == "ready")
  }

  @Test("calls that wait while the channel connects fail when it cannot, except those that wait for readiness")
  func failsWhenConnectingFails() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let patient = fixture.client.echo(.init(), options: .init(waitForReady: true))
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.accept()
    _ = try await connection.next(Frame.Kind.settings)
    connection.close()
    #expect(try await error.code == .unavailable)
    let server = peer.answering("at last")
    #expect(try await patient.text == "at last")
    server.cancel()
  }

  @Test("while a name does not resolve calls fail at once, except those that wait for readiness")
  func nameFails() async throws {
    let peer = try await ScriptedPeer()
    let names = ScriptedResolver(nil)
    let fixture = try fixture(names)
    async let patient = fixture.client.echo(.init(), options: .init(waitForReady: true))
    let error = try await rpcError { try await fixture.client.echo(.init()) }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("no such host"))
    let server = peer.answering("found")
    names.answer(with: [peer.address])
    #expect(try await patient.text == "found")
    server.cancel()
  }

  @Test("a call that waits for readiness ends at its deadline, and when its caller gives up")
  func ends() async throws {
    let fixture = try fixture(ScriptedResolver(nil))
    let late = try await rpcError {
      try await fixture.client.echo(.init(), options: .init(timeout: .milliseconds(30), waitForReady: true))
    }
    #expect(late.code == .deadlineExceeded)
    let call = Task {
      try await rpcError { try await fixture.client.echo(.init(), options: .init(waitForReady: true)) }
    }
    call.cancel()
    #expect(try await call.value.code == .cancelled)
  }
}
