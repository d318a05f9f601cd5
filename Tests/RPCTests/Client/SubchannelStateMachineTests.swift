import Basics
import Testing

@testable import RPC

@Suite("One address of a channel")
struct SubchannelStateMachineTests {
  private var random = RandomSource { 0 }

  private func machine(connectionsMaximum: Int = 1) -> SubchannelStateMachine {
    var backoff = BackoffConfiguration.defaults
    backoff.jitter = 0
    return SubchannelStateMachine(backoff: backoff, connectionsMaximum: connectionsMaximum)
  }

  private func ready(connectionsMaximum: Int) -> SubchannelStateMachine {
    var machine = machine(connectionsMaximum: connectionsMaximum)
    _ = machine.connect()
    _ = machine.connected()
    return machine
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
    let first = machine.failed(elapsed: .milliseconds(300), using: &random)
    #expect(first == .init(pause: .milliseconds(700), leavesNone: true))
    #expect(machine.connect() == false)
    #expect(machine.pauseEnded() == .becameIdle)
    #expect(machine.connect() == true)
    #expect(machine.failed(elapsed: .seconds(20), using: &random)?.pause == .zero)
  }

  @Test("a success ends the growth of the pauses")
  mutating func resets() {
    var machine = machine()
    _ = machine.connect()
    _ = machine.failed(elapsed: .zero, using: &random)
    _ = machine.pauseEnded()
    _ = machine.connect()
    #expect(machine.connected() == .becameReady)
    #expect(machine.lostConnection() == true)
    _ = machine.connect()
    #expect(machine.failed(elapsed: .zero, using: &random)?.pause == .seconds(1))
  }

  @Test("a connection that arrives after shutdown, or after it was given up, is not wanted")
  func unwanted() {
    var closed = machine()
    _ = closed.connect()
    closed.shutDown()
    #expect(closed.connected() == .unwanted)
    #expect(closed.connect() == false)
    var abandoned = machine()
    _ = abandoned.connect()
    #expect(abandoned.abandonAttempt() == true)
    #expect(abandoned.abandonAttempt() == false)
    #expect(abandoned.connected() == .unwanted)
    #expect(abandoned.connect() == true)
  }

  @Test("grows one connection at a time up to the limit, and only when it has one")
  func grows() {
    var machine = machine(connectionsMaximum: 2)
    #expect(machine.grow() == false)
    _ = machine.connect()
    #expect(machine.grow() == false)
    _ = machine.connected()
    #expect(machine.grow() == true)
    #expect(machine.grow() == false)
    #expect(machine.connected() == .grew)
    #expect(machine.grow() == false)
    #expect(machine.connections == 2)
  }

  @Test("a lost connection is news only when it was the last")
  func losesOne() {
    var machine = ready(connectionsMaximum: 2)
    _ = machine.grow()
    _ = machine.connected()
    #expect(machine.lostConnection() == false)
    #expect(machine.state == .ready)
    #expect(machine.grow() == true)
    #expect(machine.lostConnection() == true)
    #expect(machine.state == .idle)
  }

  @Test("a further connection that fails is no news, and is tried again after a pause")
  mutating func growthFails() {
    var machine = ready(connectionsMaximum: 2)
    _ = machine.grow()
    let failure = machine.failed(elapsed: .zero, using: &random)
    #expect(failure == .init(pause: .seconds(1), leavesNone: false))
    #expect(machine.state == .ready)
    #expect(machine.grow() == false)
    #expect(machine.pauseEnded() == .mayGrow)
    #expect(machine.grow() == true)
  }

  @Test("an attempt at a further connection serves as the first when all others are lost meanwhile")
  mutating func growthBecomesFirst() {
    var machine = ready(connectionsMaximum: 2)
    _ = machine.grow()
    #expect(machine.lostConnection() == true)
    #expect(machine.connect() == false)
    #expect(machine.state == .connecting)
    #expect(machine.connected() == .becameReady)
    // Without a request: it failed when no connection was requested.
    _ = machine.grow()
    #expect(machine.lostConnection() == true)
    #expect(machine.failed(elapsed: .zero, using: &random)?.leavesNone == true)
    #expect(machine.state == .backingOff)
  }

  @Test("a lost connection is made again at once though a further one could not be made")
  mutating func growthPauseDoesNotHold() {
    var machine = ready(connectionsMaximum: 2)
    _ = machine.grow()
    _ = machine.failed(elapsed: .zero, using: &random)
    #expect(machine.lostConnection() == true)
    #expect(machine.connect() == true)
    #expect(machine.pauseEnded() == .none)
  }
}
