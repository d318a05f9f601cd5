import Testing

@testable import RPC

@Suite("One address of a channel")
struct SubchannelStateMachineTests {
  private var random = InjectedRandom { 0 }

  private func machine() -> SubchannelStateMachine {
    var backoff = BackoffConfiguration.defaults
    backoff.jitter = 0
    return SubchannelStateMachine(backoff: backoff)
  }

  @Test("makes one attempt at a time")
  func oneAttempt() {
    var machine = machine()
    #expect(machine.connect() == true)
    #expect(machine.connect() == false)
  }

  @Test("pauses from the start of the attempt that failed")
  mutating func pausesFromStart() {
    var machine = machine()
    _ = machine.connect()
    #expect(machine.failed(elapsed: .milliseconds(300), using: &random) == .milliseconds(700))
    #expect(machine.connect() == false)
    #expect(machine.backoffEnded() == true)
    #expect(machine.connect() == true)
    #expect(machine.failed(elapsed: .seconds(20), using: &random) == .zero)
  }

  @Test("a success ends the growth of the pauses")
  mutating func resets() {
    var machine = machine()
    _ = machine.connect()
    _ = machine.failed(elapsed: .zero, using: &random)
    _ = machine.backoffEnded()
    _ = machine.connect()
    #expect(machine.connected() == true)
    #expect(machine.lostConnection() == true)
    _ = machine.connect()
    #expect(machine.failed(elapsed: .zero, using: &random) == .seconds(1))
  }

  @Test("a connection that arrives after shutdown is not wanted")
  func shutDown() {
    var machine = machine()
    _ = machine.connect()
    machine.shutDown()
    #expect(machine.connected() == false)
    #expect(machine.connect() == false)
  }
}
