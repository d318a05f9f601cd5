import Basics
import Testing

@testable import LoyaltyService

@Suite("How long points can be spent (L5)")
struct ExpiryRuleTests {
  @Test(
    "the last day follows from the day on which they were earned (M3)",
    arguments: [
      (ExpiryRule.never, "2026-11-22", ""), (.days(0), "2026-11-22", "2026-11-22"),
      (.days(90), "2026-11-22", "2027-02-20"), (.monthEnds(0), "2026-02-01", "2026-02-28"),
      (.monthEnds(0), "2028-02-29", "2028-02-29"), (.monthEnds(3), "2026-11-22", "2027-02-28"),
      (.monthEnds(12), "2026-12-31", "2027-12-31"), (.yearEnds(0), "2026-01-01", "2026-12-31"),
      (.yearEnds(1), "2026-12-31", "2027-12-31"),
    ]
  )
  func lastDays(rule: ExpiryRule, earnedOn: String, last: String) throws {
    #expect(rule.lastDay(earnedOn: try #require(Day(earnedOn))).text == last)
  }

  @Test("a day is written as it is read", arguments: ["1970-01-01", "2026-11-22", "0999-12-31", "2028-02-29"])
  func days(text: String) throws {
    #expect(try #require(Day(text)).text == text)
  }
}
