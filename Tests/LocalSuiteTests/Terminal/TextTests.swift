import Testing

@testable import LocalSuite

@Suite("Numbers as people read them")
struct TextTests {
  @Test("thousands are set apart", arguments: [(0, "0"), (999, "999"), (47_243, "47,243"), (-1_000_000, "-1,000,000")])
  func counts(number: Int, text: String) {
    #expect(Text.count(number) == text)
  }

  @Test("amounts have two decimals", arguments: [(23_393_524, "233,935.24 USD"), (5, "0.05 USD"), (-150, "-1.50 USD")])
  func amounts(minorUnits: Int64, text: String) {
    #expect(Text.amount(minorUnits, "USD") == text)
  }

  @Test("durations have the unit that fits")
  func durations() {
    #expect(Text.duration(.milliseconds(850)) == "850 ms")
    #expect(Text.duration(.milliseconds(12_340)) == "12.3 s")
    #expect(Text.duration(.seconds(125)) == "2 min 5 s")
  }

  @Test("decimals are rounded")
  func decimals() {
    #expect(Text.decimal(0.0049, digits: 2) == "0.00")
    #expect(Text.decimal(12.996, digits: 2) == "13.00")
    #expect(Text.decimal(-0.5, digits: 1) == "-0.5")
    #expect(Text.decimal(1_234.5, digits: 0) == "1235")
  }
}
