import Basics
import ServiceKit
import Testing

@testable import TillSimulation

@Suite("Waiting for arrivals")
struct PacerTests {
  private func pacer(_ rate: Double, seconds: Double, start: ContinuousClock.Instant) -> Pacer {
    Pacer(ArrivalSchedule(.constant(rate, seconds: seconds), spacing: .even, random: .seeded(1)), start: start)
  }

  @Test("arrivals that are overdue come at once, each with the moment for which it was meant")
  func overdue() async {
    let start = ContinuousClock.now - .seconds(3_600)
    var pacer = pacer(10, seconds: 1_000, start: start)
    var dues: [Duration] = []
    while let due = await pacer.next() { dues.append(due - start) }
    #expect(dues.count == 10_000)
    #expect(dues[1] == .milliseconds(100))
    #expect(dues == dues.sorted())
    #expect(ContinuousClock.now - start < .seconds(3_600 + 60))
  }

  @Test("an arrival does not come before it is due")
  func due() async {
    var pacer = pacer(100, seconds: 0.05, start: ContinuousClock.now)
    while let due = await pacer.next() { #expect(ContinuousClock.now >= due) }
  }

  @Test("asked to stop, it does not wait for an arrival in an hour", .timeLimit(.minutes(1)))
  func stop() async {
    var pacer = pacer(1, seconds: 10, start: ContinuousClock.now + .seconds(3_600))
    var looks = 0
    let due = await pacer.next {
      looks += 1
      return looks > 2
    }
    #expect(due == nil)
    #expect(looks == 3)
  }
}
