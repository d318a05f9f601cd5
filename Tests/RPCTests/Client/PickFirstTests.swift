import NIOCore
import Testing

@testable import RPC

@Suite("pick_first")
struct PickFirstTests {
  private let first = SubchannelID(rawValue: 0)
  private let second = SubchannelID(rawValue: 1)

  private func address(_ port: Int) throws -> SocketAddress {
    try SocketAddress(ipAddress: "127.0.0.1", port: port)
  }

  private func connecting() throws -> PickFirst {
    var policy = PickFirst()
    _ = policy.update(addresses: [try address(1), try address(2)])
    _ = policy.exitIdle()
    return policy
  }

  private func isWaiting(_ pick: LoadBalancerPick) -> Bool {
    if case .wait = pick { true } else { false }
  }

  private func failure(_ pick: LoadBalancerPick) -> String? {
    if case .fail(let error) = pick { error.message } else { nil }
  }

  private func used(_ pick: LoadBalancerPick) -> SubchannelID? {
    if case .use(let id) = pick { id } else { nil }
  }

  @Test("connects to nothing before a call asks")
  func lazy() throws {
    var policy = PickFirst()
    let actions = policy.update(addresses: [try address(1), try address(2)])
    #expect(actions == [.create(first, try address(1)), .create(second, try address(2))])
    #expect(policy.state == .idle)
    #expect(isWaiting(policy.pick()))
    #expect(policy.exitIdle() == [.connect(first)])
    #expect(policy.exitIdle() == [])
  }

  @Test("uses the first address that connects for every call")
  func usesFirst() throws {
    var policy = try connecting()
    #expect(policy.subchannel(first, is: .ready) == [])
    #expect(used(policy.pick()) == first)
    #expect(used(policy.pick()) == first)
  }

  @Test("tries the next address when one fails")
  func triesNext() throws {
    var policy = try connecting()
    #expect(policy.subchannel(first, is: .failed(RPCError(code: .unavailable))) == [.connect(second)])
    #expect(isWaiting(policy.pick()))
    _ = policy.subchannel(second, is: .ready)
    #expect(used(policy.pick()) == second)
  }

  @Test("fails calls with the last error once every address failed, and looks up new addresses")
  func transientFailure() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .failed(RPCError(code: .unavailable, message: "one")))
    #expect(policy.subchannel(second, is: .failed(RPCError(code: .unavailable, message: "two"))) == [.resolve])
    #expect(policy.state == .transientFailure)
    #expect(failure(policy.pick()) == "two")
  }

  @Test("stays in transient failure while it tries again, until one connects")
  func stickyFailure() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .failed(RPCError(code: .unavailable)))
    _ = policy.subchannel(second, is: .failed(RPCError(code: .unavailable)))
    #expect(policy.subchannel(first, is: .idle) == [.connect(first)])
    #expect(policy.state == .transientFailure)
    #expect(failure(policy.pick()) != nil)
    _ = policy.subchannel(first, is: .ready)
    #expect(used(policy.pick()) == first)
  }

  @Test("goes idle when its connection is lost, and connects again with the next call")
  func reconnects() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .ready)
    #expect(policy.subchannel(first, is: .idle) == [.resolve])
    #expect(policy.state == .idle)
    #expect(policy.exitIdle() == [.connect(first)])
  }

  @Test("an address whose pause has not ended is skipped")
  func skipsPausing() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .failed(RPCError(code: .unavailable)))
    _ = policy.subchannel(second, is: .ready)
    _ = policy.subchannel(second, is: .idle)
    #expect(policy.exitIdle() == [.connect(second)])
  }

  @Test("keeps its connection while new addresses contain it, and drops addresses that are gone")
  func updates() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .ready)
    let actions = policy.update(addresses: [try address(3), try address(1)])
    #expect(actions == [.create(SubchannelID(rawValue: 2), try address(3)), .remove(second)])
    #expect(used(policy.pick()) == first)
  }

  @Test("goes idle when the address in use is gone")
  func addressGone() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .ready)
    _ = policy.update(addresses: [try address(2)])
    #expect(policy.state == .idle)
    #expect(policy.exitIdle() == [.connect(second)])
  }

  @Test("a second address that connects late is closed again")
  func lateSecond() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .ready)
    #expect(policy.subchannel(second, is: .ready) == [.disconnect(second)])
    #expect(used(policy.pick()) == first)
  }

  @Test("fails calls while the name does not resolve, and recovers when it does")
  func resolution() throws {
    var policy = PickFirst()
    policy.resolutionFailed(RPCError(code: .unavailable, message: "no such host"))
    #expect(failure(policy.pick()) == "no such host")
    let actions = policy.update(addresses: [try address(1)])
    #expect(actions == [.create(first, try address(1)), .connect(first)])
  }

  @Test("a failed lookup does not hurt while addresses are known")
  func resolutionWithAddresses() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .ready)
    policy.resolutionFailed(RPCError(code: .unavailable))
    #expect(used(policy.pick()) == first)
  }

  @Test("when the channel sleeps it lets its connection go, and the next call connects again")
  func sleeps() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .ready)
    #expect(policy.enterIdle() == [.disconnect(first), .disconnect(second)])
    #expect(policy.subchannel(first, is: .idle) == [])
    #expect(policy.state == .idle)
    #expect(policy.exitIdle() == [.connect(first)])
  }

  @Test("addresses that failed are not tried while the channel sleeps")
  func sleepsOverFailure() throws {
    var policy = try connecting()
    _ = policy.subchannel(first, is: .failed(RPCError(code: .unavailable)))
    _ = policy.subchannel(second, is: .failed(RPCError(code: .unavailable)))
    _ = policy.enterIdle()
    #expect(policy.subchannel(first, is: .idle) == [])
    #expect(policy.exitIdle() == [.connect(first)])
  }
}
