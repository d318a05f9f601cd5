import Basics
import Foundation
import SeededRandomness
import Testing

@Suite("Days and instants")
struct CalendarTests {
  @Test("a day is read as it is written, and a day that is none is not")
  func text() {
    for number in stride(from: Int32(-700_000), through: 2_932_896, by: 997) {
      let day = Day(rawValue: number)
      #expect(Day(day.text) == day && Day(day.civil) == day)
    }
    #expect(Day.last.text == "9999-12-31")
    #expect(Day.never.text == "" && Day("") == nil)
    for text in [
      "2027-02-29", "2027-13-01", "2027-00-10", "2027-01-00", "2027-1-01", "02027-01-1", "2027-01-32", "+027-01-01",
    ] {
      #expect(Day(text) == nil, "\(text)")
    }
    #expect(Day("2028-02-29")?.civil == CivilDate(year: 2028, month: 2, day: 29))
  }

  @Test("there are as many days in a month as the calendar says")
  func months() {
    #expect((1...12).map { CivilDate.days(inMonth: $0, of: 2027) } == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    #expect([1900, 2000, 2024, nil].map { CivilDate.days(inMonth: 2, of: $0) } == [28, 29, 29, 29])
    #expect(Day(year: 2025, month: 2, day: 29) == nil && Day(year: 100_001, month: 1, day: 1) == nil)
  }

  @Test("what never comes stays so, and so does what is too far away")
  func never() {
    #expect(Day.never + 1 == .never && Day.last + 1 == .never && Day.last + 0 == .last)
    #expect(Instant.never + .seconds(1) == .never)
    #expect(Instant(rawValue: 5) + .seconds(Int64.max) == .never)
    #expect(Instant(rawValue: 5) + .microseconds(-6) == Instant(rawValue: -1))
  }

  @Test("an instant is in a day, and is written as RFC 3339 says")
  func instants() {
    #expect(Instant(rawValue: -1).day == Day(rawValue: -1) && Instant(rawValue: 0).day == Day(rawValue: 0))
    #expect(Instant(rawValue: 1_795_321_722_123_456).text == "2026-11-22T04:28:42.123456Z")
    #expect(Instant(rawValue: -1).text == "1969-12-31T23:59:59.999999Z")
  }

  @Test("a date made of microseconds is the same to the microsecond", arguments: SeededRandom.several)
  func dates(_ seeded: SeededRandom) {
    var random = seeded
    for _ in 0..<1_000 {
      // The years 1870 to 2130: further away a `Date` has no room for single microseconds.
      let near = Instant(rawValue: .random(in: -3_155_000_000_000_000...5_049_000_000_000_000, using: &random))
      #expect(Instant(Date(near)) == near, "\(seeded)")
      let far = Int64.random(in: 5_049_000_000_000_000...253_402_300_799_999_999, using: &random)
      #expect((0...63).contains(far - Date(unixMicroseconds: far).unixMicroseconds), "\(seeded)")
    }
    #expect(Instant(.distantFuture) > Instant(.now) && Date(.never).unixMicroseconds == .max)
  }

  @Test("spans of time are held within what 64 bits take")
  func durations() {
    #expect(Duration.milliseconds(1_500).wholeNanoseconds == 1_500_000_000)
    #expect(
      Duration.seconds(Int64.max).wholeNanoseconds == .max && Duration.seconds(Int64.min).wholeNanoseconds == .min
    )
    #expect(Duration.days(2) == .seconds(172_800) && Duration.milliseconds(250).fractionalSeconds == 0.25)
    #expect(Date(timeIntervalSince1970: 10) + Duration.milliseconds(500) == Date(timeIntervalSince1970: 10.5))
  }
}
