import Basics
import ServiceKit
import Testing

@testable import patron_lab

@Suite("A midnight that strikes when a benchmark is ready for it")
struct StagedMidnightTests {
  private static let microsecondsPerDay: Int64 = 86_400_000_000

  @Test(
    "when it strikes, the last day ends by a clock that is set back so far",
    arguments: [0, 1, 43_200_000_000, 86_399_999_999] as [Int64]
  )
  func strikes(microseconds: Int64) {
    let now = 20_000 * Self.microsecondsPerDay + microseconds
    let clock = WallClock.fixed(unixMicroseconds: now)
    let started = ContinuousClock.now
    let midnight = StagedMidnight(after: 19_999, in: .seconds(75), clock: clock)
    // Never too early, and exact except for the time that the test itself takes.
    let wait = midnight.moment - started
    #expect(wait > .seconds(75) && wait < .seconds(76 + 60))
    let struck = clock.setBack(by: midnight.clockBehind).unixMicroseconds + Int64(wait / .microseconds(1))
    #expect(struck / Self.microsecondsPerDay == 20_000)
    #expect(midnight.clockBehind >= .zero)
  }

  @Test("yesterday is over, and its end is less than a day ago", arguments: [0, 86_399_999_999] as [Int64])
  func yesterday(microseconds: Int64) {
    let clock = WallClock.fixed(unixMicroseconds: 20_000 * Self.microsecondsPerDay + microseconds)
    #expect(StagedMidnight.yesterday(by: clock) == 19_999)
  }

  @Test("the service's job checks for the second time after midnight")
  func secondTurn() {
    let midnight = StagedMidnight(
      after: 19_999,
      in: .seconds(75),
      clock: .fixed(unixMicroseconds: 1_728_000_000_500_000)
    )
    #expect(midnight.serviceSettings["PATRON_LOYALTY_EXPIRY_INTERVAL"] == "76s")
    #expect(midnight.serviceSettings["PATRON_LOYALTY_CLOCK_BEHIND"] == "76s")
  }
}
