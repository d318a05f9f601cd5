import Testing

@testable import MembersService

@Suite("A birthday")
struct BirthdayTests {
  @Test(
    "is a day of the calendar",
    arguments: [(1990, 12, 31), (2000, 2, 29), (2024, 2, 29), (1900, 2, 28), (0, 2, 29), (0, 4, 30), (2100, 1, 1)]
  )
  func isADay(year: Int, month: Int, day: Int) throws {
    let birthday = try Birthday(year: year, month: month, day: day)
    #expect(birthday.year == (year == 0 ? nil : year))
    #expect((birthday.month, birthday.day) == (month, day))
  }

  @Test(
    "is refused when there is no such day",
    arguments: [
      (1899, 1, 1), (2101, 1, 1), (-1, 1, 1), (1990, 0, 1), (1990, 13, 1), (1990, 1, 0), (1990, 1, 32), (1990, 4, 31),
      (1900, 2, 29), (2023, 2, 29), (0, 2, 30), (0, 0, 0),
    ]
  )
  func isRefused(year: Int, month: Int, day: Int) {
    #expect { try Birthday(year: year, month: month, day: day) } throws: { error in
      (error as? InvalidValue)?.reason == .birthdayInvalid
    }
  }
}
