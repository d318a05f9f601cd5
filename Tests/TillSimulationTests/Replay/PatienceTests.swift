import RPC
import Testing

@testable import TillSimulation

@Suite("Patience of a replay")
struct PatienceTests {
  @Test("pauses double from 50 ms up to 2 s")
  func pauses() {
    #expect((1...8).map(Patience.pause) == [50, 100, 200, 400, 800, 1_600, 2_000, 2_000].map { .milliseconds($0) })
  }

  @Test("transient errors are retried", arguments: [StatusCode.unavailable, .deadlineExceeded, .aborted])
  func again(code: StatusCode) async throws {
    var calls = 0
    let answer = try await Patience(total: .seconds(3_600)).call { _ in
      calls += 1
      if calls < 3 { throw RPCError(code: code) }
      return calls
    }
    #expect(answer == 3)
  }

  @Test("a refusal is not sent again")
  func refusal() async {
    var calls = 0
    await #expect(throws: RPCError.self) {
      try await Patience(total: .seconds(60)).call { _ in
        calls += 1
        throw RPCError(code: .failedPrecondition)
      }
    }
    #expect(calls == 1)
  }

  @Test("patience ends")
  func ends() async {
    await #expect(throws: RPCError.self) {
      try await Patience(total: .zero).call { _ in throw RPCError(code: .unavailable) }
    }
  }
}
