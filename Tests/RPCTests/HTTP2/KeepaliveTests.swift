import NIOCore
import Testing

@testable import RPC

@Suite("Keepalive and idleness, without a clock (row 12)")
struct KeepaliveTests {
  private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

  private func keepalive(withoutCalls: Bool = false) -> Keepalive {
    Keepalive(time: .seconds(60), timeout: .seconds(20), pingsWithoutCalls: withoutCalls, now: at(0))
  }

  @Test("a PING follows when nothing was read for the time, counted from the last byte")
  func ping() {
    var keepalive = keepalive()
    #expect(keepalive.nextCheck(after: at(0)) == at(60))
    keepalive.received(at: at(10))
    expect(keepalive.check(now: at(60), hasCalls: true), is: .none)
    #expect(keepalive.nextCheck(after: at(60)) == at(70))
    expect(keepalive.check(now: at(70), hasCalls: true), is: .ping)
    #expect(keepalive.nextCheck(after: at(70)) == at(90))
  }

  @Test("anything read after the PING counts as an answer, and the time starts anew")
  func answered() {
    var keepalive = keepalive()
    expect(keepalive.check(now: at(60), hasCalls: true), is: .ping)
    keepalive.received(at: at(61))
    expect(keepalive.check(now: at(80), hasCalls: true), is: .none)
    #expect(keepalive.nextCheck(after: at(80)) == at(121))
    expect(keepalive.check(now: at(121), hasCalls: true), is: .ping)
  }

  @Test("nothing read after the PING ends the connection at the time-out, and not before")
  func unanswered() {
    var keepalive = keepalive()
    expect(keepalive.check(now: at(60), hasCalls: true), is: .ping)
    expect(keepalive.check(now: at(79), hasCalls: true), is: .none)
    expect(keepalive.check(now: at(80), hasCalls: false), is: .close)
  }

  @Test("without calls there is no PING unless permitted; a call after a long silence pings at once")
  func withoutCalls() {
    var quiet = keepalive()
    expect(quiet.check(now: at(60), hasCalls: false), is: .none)
    #expect(quiet.nextCheck(after: at(60)) == at(120))
    expect(quiet.check(now: at(61), hasCalls: true), is: .ping)
    #expect(quiet.nextCheck(after: at(61)) == at(81))
    var eager = keepalive(withoutCalls: true)
    expect(eager.check(now: at(60), hasCalls: false), is: .ping)
  }

  @Test("a connection without calls is idle after its period")
  func idle() {
    var idleness = Idleness(period: .seconds(40), now: at(0))
    #expect(idleness.nextCheck(after: at(0)) == at(10))
    expect(idleness.check(now: at(30), hasCalls: false), is: false)
    expect(idleness.check(now: at(40), hasCalls: false), is: true)
  }

  @Test("a call that began and ended between two looks counts, and so does one that ended after a look")
  func used() {
    var idleness = Idleness(period: .seconds(40), now: at(0))
    idleness.used()
    expect(idleness.check(now: at(40), hasCalls: false), is: false)
    expect(idleness.check(now: at(70), hasCalls: true), is: false)
    expect(idleness.check(now: at(80), hasCalls: false), is: false)
    expect(idleness.check(now: at(119), hasCalls: false), is: false)
    expect(idleness.check(now: at(120), hasCalls: false), is: true)
  }
}
