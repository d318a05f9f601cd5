import NIOCore
import NIOPosix
import TestAPI
import Testing

@testable import RPC

@Suite("Cancellation of client calls", .timeLimit(.minutes(1)))
struct CancellationTests {
  private let cancelCode: UInt32 = 8

  @Test("cancelling the task resets the stream with CANCEL and throws CANCELLED")
  func cancelsRunning() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let task = Task { try await rpcError { try await fixture.client.echo(.init()) } }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    task.cancel()
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == cancelCode)
    #expect(try await task.value.code == .cancelled)
  }

  @Test("cancelling a call that waits for a connection ends it at once")
  func cancelsWaiting() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let task = Task { try await rpcError { try await fixture.client.echo(.init()) } }
    _ = try await peer.accept()
    task.cancel()
    #expect(try await task.value.code == .cancelled)
  }

  @Test("a task that is cancelled already starts nothing")
  func cancelledBefore() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await rpcError { try await fixture.client.echo(.init()) }
    }
    #expect(try await task.value.code == .cancelled)
  }

  @Test("a cancelled call frees its place for one that waits")
  func freesPlace() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let first = Task { try await rpcError { try await fixture.client.echo(.init()) } }
    let connection = try await peer.acceptReady(maxConcurrentStreams: 1)
    _ = try await connection.request()
    async let second = fixture.client.echo(.init())
    first.cancel()
    let request = try await connection.request()
    connection.answer(request.stream, try TestingV1.EchoResponse.bytes("second"))
    #expect(try await second.text == "second")
    #expect(try await first.value.code == .cancelled)
  }

  @Test("cancelling the task that reads a stream of responses resets it")
  func cancelsReading() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let task = Task {
      let responses = try await fixture.client.expand(.init())
      return try await rpcError { for try await _ in responses {} }
    }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, try TestingV1.ExpandResponse.frame(0)))
    task.cancel()
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == cancelCode)
    #expect(try await task.value.code == .cancelled)
  }

  @Test("leaving the loop over the responses resets the stream")
  func dropsStream() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let task = Task {
      for try await response in try await fixture.client.expand(.init()) { return response.index }
      return -1
    }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, try TestingV1.ExpandResponse.frame(5)))
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == cancelCode)
    #expect(try await task.value == 5)
  }

  @Test("streams cancelled in the tick that opened them free their places")
  func cancelsBeforeWriting() async throws {
    let peer = try await ScriptedPeer()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let executor = EventLoopExecutor(loop)
    let fixture = try ClientFixture(target: peer.target) { $0.eventLoopGroup = loop }
    async let first = fixture.client.echo(.init())
    let connection = try await peer.acceptReady(maxConcurrentStreams: 2)
    connection.answer(try await connection.request().stream)
    _ = try await first
    await Task(executorPreference: executor) {
      for _ in 0..<5 { try? await fixture.client.expand(.init()).cancel() }
    }.value
    async let next = fixture.client.echo(.init(text: "next"))
    let headers = try await connection.next(Frame.Kind.headers)
    #expect(headers.fields.contains(.init(name: ":path", value: "/patron.testing.v1.EchoService/Echo")))
    connection.answer(headers.stream, try TestingV1.EchoResponse.bytes("next"))
    #expect(try await next.text == "next")
  }
}
