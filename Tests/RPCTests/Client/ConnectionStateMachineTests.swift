import Testing

@testable import RPC

@Suite("Client connection life cycle")
struct ConnectionStateMachineTests {
  private func ready(limit: UInt32 = 2, open: Int = 0) -> ConnectionStateMachine {
    var machine = ConnectionStateMachine()
    _ = machine.receivedSettings(maxConcurrentStreams: limit)
    for _ in 0..<open { machine.openedStream() }
    return machine
  }

  @Test("takes no calls before the peer's SETTINGS")
  func awaitsSettings() {
    var machine = ConnectionStateMachine()
    #expect(machine.capacity == 0)
    #expect(machine.receivedSettings(maxConcurrentStreams: 7) == .becameReady)
    #expect(machine.capacity == 7)
  }

  @Test("takes no more calls than the peer's stream limit")
  func honoursLimit() {
    #expect(ready(limit: 2, open: 1).capacity == 1)
    #expect(ready(limit: 2, open: 2).capacity == 0)
  }

  @Test("an unlimited peer does not overflow the count")
  func unlimited() {
    #expect(ready(limit: .max).capacity == Int(Int32.max))
  }

  @Test("a limit that shrinks below the open streams lets none start until enough have ended")
  func shrinkingLimit() {
    var machine = ready(limit: 3, open: 3)
    #expect(machine.receivedSettings(maxConcurrentStreams: 1) == .none)
    #expect(machine.capacity == 0)
    #expect(machine.closedStream() == .none)
    #expect(machine.closedStream() == .none)
    #expect(machine.closedStream() == .capacityFreed)
  }

  @Test("a limit that grows lets waiting calls start")
  func growingLimit() {
    var machine = ready(limit: 1, open: 1)
    #expect(machine.receivedSettings(maxConcurrentStreams: 4) == .capacityGrew)
    #expect(machine.capacity == 3)
  }

  @Test("a server that refuses streams within its limit gets fewer from then on, but at least a quarter")
  func refusals() {
    var machine = ready(limit: 8, open: 8)
    #expect(machine.closedStream(wasRefused: true) == .none)
    #expect(machine.closedStream() == .capacityFreed)
    #expect(machine.capacity == 1)
    for _ in 0..<6 { _ = machine.closedStream(wasRefused: true) }
    #expect(machine.capacity == 2)
  }

  @Test("a connection on which nothing was refused for long comes back to the limit")
  func recovers() {
    var machine = ready(limit: 8, open: 1)
    _ = machine.closedStream(wasRefused: true)
    #expect(machine.capacity == 7)
    for _ in 0..<1000 {
      machine.openedStream()
      _ = machine.closedStream()
    }
    #expect(machine.capacity == 8)
  }

  @Test("however few streams the peer allows, one is used", arguments: [1, 2, 3] as [UInt32])
  func refusalsOfFew(limit: UInt32) {
    var machine = ready(limit: limit, open: Int(limit))
    for _ in 0..<limit { _ = machine.closedStream(wasRefused: true) }
    #expect(machine.capacity == 1)
  }

  @Test("draining takes no calls and closes after the last one")
  func drains() {
    var machine = ready(limit: 5, open: 2)
    #expect(machine.drain() == .retire)
    #expect(machine.capacity == 0)
    #expect(machine.drain() == .none)
    #expect(machine.closedStream() == .none)
    #expect(machine.closedStream() == .close)
  }

  @Test("draining without calls closes at once")
  func drainsIdle() {
    var machine = ready()
    #expect(machine.drain() == .retireAndClose)
  }

  @Test("a closed connection takes nothing, whatever still arrives")
  func closed() {
    var machine = ready(limit: 5, open: 1)
    machine.closed()
    #expect(machine.capacity == 0)
    #expect(machine.receivedSettings(maxConcurrentStreams: 9) == .none)
    #expect(machine.drain() == .none)
    #expect(machine.closedStream() == .none)
  }
}
