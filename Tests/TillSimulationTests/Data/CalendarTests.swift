import Basics
import Testing

@testable import TillSimulation

@Suite("Days and instants")
struct CalendarTests {
  @Test(
    "a day has the number of days since 1970",
    arguments: [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2017-12-31", 17_531)]
  )
  func numbers(text: String, number: Int) throws {
    #expect(try #require(Day(text)).rawValue == Int32(number))
  }

  @Test("every day of four centuries has the date it was made of")
  func roundTrip() {
    var day = Day(CivilDate(year: 1800, month: 1, day: 1))
    while day < Day(CivilDate(year: 2200, month: 1, day: 1)) {
      guard Day(day.civil) == day, day.civil.exists else {
        Issue.record("\(day.civil) is not day \(day.rawValue)")
        return
      }
      day = day + 1
    }
    #expect(day.rawValue == 84_006)
  }

  @Test(
    "what is no day is refused",
    arguments: ["2017-02-29", "2017-13-01", "2017-1-01", "20170101", "", "2017-00-10"]
  )
  func wrongDays(text: String) {
    #expect(Day(text) == nil)
  }

  @Test("an instant is read to the second")
  func instants() {
    #expect(Instant("2017-01-01T12:30:27Z")?.unixSeconds == 1_483_273_827)
    #expect(Instant("2017-01-01T24:00:00Z") == nil)
    #expect(Instant("2017-01-01 12:30:27Z") == nil)
    #expect(Instant("2017-01-01T12:30:27") == nil)
  }

  @Test("five hours behind UTC, the day begins at five o'clock")
  func businessDay() throws {
    let before = try #require(Instant("2018-01-01T04:59:59Z"))
    let after = try #require(Instant("2018-01-01T05:00:00Z"))
    #expect(before.day(offsetHours: -5) == Day(year: 2017, month: 12, day: 31))
    #expect(after.day(offsetHours: -5) == Day(year: 2018, month: 1, day: 1))
    #expect(Instant(startOf: Day(CivilDate(year: 2018, month: 1, day: 1)), offsetHours: -5) == after)
  }
}
