import NIOCore
import Testing

@testable import RPC

@Suite("round_robin")
struct RoundRobinTests {
  private let first = SubchannelID(rawValue: 0)
  private let second = SubchannelID(rawValue: 1)
  private let third = SubchannelID(rawValue: 2)

  private func address(_ port: Int) throws -> SocketAddress {
    try SocketAddress(ipAddress: "127.0.0.1", port: port)
  }

  /// Makes three connecting addresses.
  private func connecting() throws -> RoundRobin {
    var policy = RoundRobin()
    _ = policy.update(addresses: try (1...3).map(address))
    _ = policy.exitIdle()
    return policy
  }

  private func ready() throws -> RoundRobin {
    var policy = try connecting()
    for id in [first, second, third] { _ = policy.subchannel(id, is: .ready) }
    return policy
  }

  private func failed(_ text: String = "") -> SubchannelUpdate {
    .failed(RPCError(code: .unavailable, message: text))
  }

  private func used(_ policy: inout RoundRobin, calls: Int) -> [SubchannelID] {
    (0..<calls).compactMap { _ in if case .use(let id) = policy.pick() { id } else { nil } }
  }

  private func isWaiting(_ policy: inout RoundRobin) -> Bool {
    if case .wait = policy.pick() { true } else { false }
  }

  private func failure(_ policy: inout RoundRobin) -> String? {
    if case .fail(let error) = policy.pick() { error.message } else { nil }
  }

  @Test("connects to nothing before a call asks, then to every address")
  func lazy() throws {
    var policy = RoundRobin()
    let actions = policy.update(addresses: [try address(1), try address(2), try address(1)])
    #expect(actions == [.create(first, try address(1)), .create(second, try address(2))])
    #expect(policy.state == .idle)
    #expect(isWaiting(&policy))
    #expect(policy.exitIdle() == [.connect(first), .connect(second)])
    #expect(policy.exitIdle() == [])
    #expect(policy.state == .connecting)
  }

  @Test("calls take turns over the ready addresses, each getting the same share")
  func takesTurns() throws {
    var policy = try ready()
    let calls = used(&policy, calls: 9)
    #expect(Set(calls[0..<3]) == [first, second, third])
    #expect(calls[0..<3] == calls[3..<6])
    #expect(calls[0..<3] == calls[6..<9])
    #expect(policy.choices == 3)
  }

  @Test("begins with the address that it is given")
  func begins() throws {
    let starts = try (0..<3).map { start in
      var policy = RoundRobin(start: start)
      _ = policy.update(addresses: try (1...3).map(address))
      _ = policy.exitIdle()
      for id in [first, second, third] { _ = policy.subchannel(id, is: .ready) }
      return used(&policy, calls: 1)
    }
    #expect(starts == [[first], [second], [third]])
  }

  @Test("does not wait for the slow addresses once one is ready")
  func firstReady() throws {
    var policy = try connecting()
    #expect(isWaiting(&policy))
    _ = policy.subchannel(second, is: .ready)
    #expect(policy.state == .ready)
    #expect(used(&policy, calls: 3) == [second, second, second])
  }

  @Test("an address that fails gets no calls, and is looked for")
  func oneFails() throws {
    var policy = try ready()
    #expect(policy.subchannel(second, is: failed()) == [.resolve])
    #expect(Set(used(&policy, calls: 4)) == [first, third])
    #expect(policy.state == .ready)
  }

  @Test("calls wait while one address has not failed, and fail with the latest error when all have")
  func allFail() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: failed("one"))
    _ = policy.subchannel(second, is: failed("two"))
    #expect(isWaiting(&policy))
    _ = policy.subchannel(third, is: failed("three"))
    #expect(policy.state == .transientFailure)
    #expect(failure(&policy) == "three")
  }

  @Test("an address that failed counts as failed until it is ready, however often it is tried")
  func stickyFailure() throws {
    var policy = try connecting()
    for id in [first, second, third] { _ = policy.subchannel(id, is: failed()) }
    #expect(policy.subchannel(first, is: .idle) == [.connect(first)])
    #expect(policy.state == .transientFailure)
    #expect(failure(&policy) != nil)
    _ = policy.subchannel(first, is: .ready)
    #expect(used(&policy, calls: 2) == [first, first])
  }

  @Test("a lost connection is made again at once, and calls go to the others meanwhile")
  func reconnects() throws {
    var policy = try ready()
    #expect(policy.subchannel(first, is: .idle) == [.connect(first), .resolve])
    #expect(Set(used(&policy, calls: 4)) == [second, third])
  }

  @Test("after the last connection is lost calls wait for the new attempts instead of failing")
  func losesAll() throws {
    var policy = try ready()
    for id in [first, second, third] { _ = policy.subchannel(id, is: .idle) }
    #expect(policy.state == .connecting)
    #expect(isWaiting(&policy))
  }

  @Test("new addresses are connected to, those that stay keep their connection, those that are gone are dropped")
  func updates() throws {
    var policy = try ready()
    let fourth = SubchannelID(rawValue: 3)
    let actions = policy.update(addresses: [try address(3), try address(4), try address(1)])
    #expect(actions == [.create(fourth, try address(4)), .connect(fourth), .remove(second)])
    #expect(Set(used(&policy, calls: 4)) == [first, third])
    #expect(policy.subchannel(second, is: .ready) == [])
    _ = policy.subchannel(fourth, is: .ready)
    #expect(Set(used(&policy, calls: 3)) == [first, third, fourth])
  }

  @Test("the turns go on where they are when an address joins or leaves")
  func keepsTurn() throws {
    var policy = try ready()
    let last = used(&policy, calls: 1)
    for other in [first, second, third] where last != [other] {
      var changed = policy
      _ = changed.subchannel(other, is: failed())
      #expect(used(&changed, calls: 1) != last)
      _ = changed.subchannel(other, is: .ready)
      #expect(Set(used(&changed, calls: 3)) == [first, second, third])
    }
  }

  @Test("when the channel sleeps everything is disconnected and stays so until a call asks")
  func sleeps() throws {
    var policy = try ready()
    #expect(policy.enterIdle() == [.disconnect(first), .disconnect(second), .disconnect(third)])
    #expect(policy.state == .idle)
    for id in [first, second, third] { #expect(policy.subchannel(id, is: .idle) == []) }
    #expect(isWaiting(&policy))
    #expect(
      policy.update(addresses: [try address(1), try address(9)]).contains(.connect(SubchannelID(rawValue: 3))) == false
    )
    #expect(policy.exitIdle() == [.connect(first), .connect(SubchannelID(rawValue: 3))])
  }

  @Test("a pause that ends during the sleep makes a fresh start for the next call")
  func sleepsOverFailure() throws {
    var policy = try connecting()
    for id in [first, second, third] { _ = policy.subchannel(id, is: failed()) }
    _ = policy.enterIdle()
    for id in [first, second, third] { #expect(policy.subchannel(id, is: .idle) == []) }
    _ = policy.exitIdle()
    #expect(isWaiting(&policy))
  }

  @Test("an address that becomes ready during the sleep is let go")
  func readyDuringSleep() throws {
    var policy = try connecting()
    _ = policy.enterIdle()
    #expect(policy.subchannel(first, is: .ready) == [.disconnect(first)])
    #expect(isWaiting(&policy))
  }

  @Test("fails calls while the name does not resolve, and recovers when it does")
  func resolution() throws {
    var policy = RoundRobin()
    policy.resolutionFailed(RPCError(code: .unavailable, message: "no such host"))
    #expect(policy.state == .transientFailure)
    #expect(failure(&policy) == "no such host")
    #expect(policy.update(addresses: [try address(1)]) == [.create(first, try address(1))])
    #expect(isWaiting(&policy))
    #expect(policy.exitIdle() == [.connect(first)])
  }

  @Test("a failed look-up does not hurt while addresses are known")
  func resolutionWithAddresses() throws {
    var policy = try ready()
    policy.resolutionFailed(RPCError(code: .unavailable))
    #expect(used(&policy, calls: 3).count == 3)
  }

  @Test("a name that did not resolve is tried afresh after a sleep")
  func sleepsOverResolution() {
    var policy = RoundRobin()
    policy.resolutionFailed(RPCError(code: .unavailable))
    _ = policy.enterIdle()
    #expect(isWaiting(&policy))
  }
}
