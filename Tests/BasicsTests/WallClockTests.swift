import Basics
import Testing

@Suite("The time of day")
struct WallClockTests {
  @Test("a clock that was set back returns an earlier time, and continues")
  func setBack() {
    let clock = WallClock.fixed(unixMicroseconds: 7_200_000_000)
    #expect(clock.setBack(by: .seconds(3_600)).unixMicroseconds == 3_600_000_000)
    #expect(clock.setBack(by: .zero).unixMicroseconds == 7_200_000_000)
  }
}
