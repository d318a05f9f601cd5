import Basics
import NIOCore
import Testing

@testable import RPC

@Suite("Client PINGs and the age of a connection, without a clock (row 12)")
struct ConnectionLifeTests {
  private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

  private func strikes(_ change: (inout ServerKeepalive) -> Void = { _ in }) -> PingStrikes {
    var keepalive = ServerKeepalive.defaults
    change(&keepalive)
    return PingStrikes(keepalive)
  }

  @Test("PINGs five minutes apart are welcome while calls run")
  func welcome() {
    var strikes = strikes()
    for number in 0..<20 { expect(strikes.received(now: at(Int64(number) * 300), hasCalls: true), is: false) }
  }

  @Test("two PINGs too soon are forgiven, the third is too many, and is reported once")
  func tooMany() {
    var strikes = strikes()
    let answers = (0..<6).map { strikes.received(now: at($0), hasCalls: true) }
    #expect(answers == [false, false, false, true, false, false])
  }

  @Test("without calls two hours must lie between PINGs, unless permitted")
  func withoutCalls() {
    var strict = strikes()
    let answers = (0..<4).map { strict.received(now: at($0 * 300), hasCalls: false) }
    #expect(answers == [false, false, false, true])
    var patient = strikes()
    for number in 0..<10 { expect(patient.received(now: at(Int64(number) * 7200), hasCalls: false), is: false) }
    var lenient = strikes { $0.permitsClientPingsWithoutCalls = true }
    for number in 0..<10 { expect(lenient.received(now: at(Int64(number) * 300), hasCalls: false), is: false) }
  }

  @Test("HEADERS or DATA sent wipe the strikes out")
  func reset() {
    var strikes = strikes()
    for _ in 0..<10 {
      for _ in 0..<3 { expect(strikes.received(now: at(0), hasCalls: true), is: false) }
      strikes.sentToCall()
    }
  }

  @Test("the number of strikes and the interval are settings; without a number all is forgiven")
  func settings() {
    var strict = strikes { $0.clientPingStrikesMaximum = 0 }
    #expect((0..<2).map { strict.received(now: at($0), hasCalls: true) } == [false, true])
    var short = strikes { $0.clientPingInterval = .seconds(1) }
    for number in 0..<10 { expect(short.received(now: at(Int64(number)), hasCalls: true), is: false) }
    var open = strikes { $0.clientPingStrikesMaximum = nil }
    for _ in 0..<100 { expect(open.received(now: at(0), hasCalls: false), is: false) }
  }

  @Test("an age lies within a tenth of the maximum, and is drawn", arguments: [UInt64.min, 1 << 63, UInt64.max])
  func jitter(_ number: UInt64) throws {
    var random = RandomSource { number }
    let age = ConnectionAge(maximum: .seconds(1000), grace: nil, now: at(0), using: &random)
    let due = try #require(age.nextCheck)
    #expect(due >= at(900) && due <= at(1100))
    switch number {
    case .min: #expect(due == at(900))
    case .max: #expect(due >= at(1099))
    default: #expect(due > at(990) && due < at(1010))
    }
  }

  @Test("an old connection drains, and is closed when its grace is over")
  func age() {
    var random = RandomSource { 0 }
    var age = ConnectionAge(maximum: .seconds(1000), grace: .seconds(30), now: at(0), using: &random)
    expect(age.check(now: at(899)), is: .none)
    expect(age.check(now: at(900)), is: .drain)
    #expect(age.nextCheck == at(930))
    expect(age.check(now: at(929)), is: .none)
    expect(age.check(now: at(930)), is: .close)
    expect(age.check(now: at(2000)), is: .none)
    #expect(age.nextCheck == nil)
  }

  @Test("without a grace calls take as long as they need")
  func endlessGrace() {
    var random = RandomSource { 0 }
    var age = ConnectionAge(maximum: .seconds(1000), grace: nil, now: at(0), using: &random)
    expect(age.check(now: at(900)), is: .drain)
    #expect(age.nextCheck == nil)
    expect(age.check(now: at(1_000_000)), is: .none)
  }
}
