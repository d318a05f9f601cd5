import LocalSuite

/// What baskets look like and when people shop, as counted in a grocery chain's receipts.
package struct BasketCurves: Codable, Hashable, Sendable {
  /// How many baskets have 1 line, 2 lines, …
  var basketsByLineCount: [Int]
  /// How many baskets were bought in each hour of the stores' day, from 0 to 23.
  package var basketsByHour: [Int]

  /// What `patron load --show-curves` printed for "The Complete Journey": 47,243 baskets of 2017, hours at UTC-5.
  package static let recorded = BasketCurves(
    basketsByLineCount: [30_759, 9_860, 3_880, 1_614, 657, 293, 107, 44, 16, 7, 5, 1],
    basketsByHour: [
      217, 124, 75, 47, 48, 147, 329, 594, 1_062, 1_802, 2_578, 3_257, 3_379, 3_565, 3_684, 4_202, 4_831, 4_885, 4_101,
      3_345, 2_335, 1_449, 814, 373,
    ]
  )

  /// Baskets that all have the same number of lines, at any hour.
  package static func fixed(lineCount: Int) -> BasketCurves {
    BasketCurves(
      basketsByLineCount: Array(repeating: 0, count: lineCount - 1) + [1],
      basketsByHour: Array(repeating: 1, count: 24)
    )
  }

  /// Counts the baskets of a journey.
  package init(_ journey: Journey) {
    basketsByLineCount = Array(repeating: 0, count: journey.baskets.reduce(0) { max($0, $1.lines.count) })
    basketsByHour = Array(repeating: 0, count: 24)
    for basket in journey.baskets {
      basketsByLineCount[basket.lines.count - 1] += 1
      let second = basket.occurredAt.unixSeconds + ReplayPlan.utcOffsetHours * 3_600
      basketsByHour[(second / 3_600) % 24] += 1
    }
  }

  package init(basketsByLineCount: [Int], basketsByHour: [Int]) {
    self.basketsByLineCount = basketsByLineCount
    self.basketsByHour = basketsByHour
  }

  /// Draws how many lines a basket has.
  func lineCount(using random: inout some RandomNumberGenerator) -> Int {
    Self.index(basketsByLineCount, using: &random) + 1
  }

  /// Draws the hour of a sale.
  func hour(using random: inout some RandomNumberGenerator) -> Int {
    Self.index(basketsByHour, using: &random)
  }

  /// As Swift, for the table above.
  package var lines: [String] {
    [
      "basketsByLineCount: [\(basketsByLineCount.map(Self.literal).joined(separator: ", "))]",
      "basketsByHour: [\(basketsByHour.map(Self.literal).joined(separator: ", "))]",
    ]
  }

  private static func literal(_ number: Int) -> String {
    Text.count(number).split(separator: ",").joined(separator: "_")
  }

  private static func index(_ counts: [Int], using random: inout some RandomNumberGenerator) -> Int {
    var rest = Int.random(in: 0..<max(1, counts.reduce(0, +)), using: &random)
    for (index, count) in counts.enumerated() {
      rest -= count
      if rest < 0 { return index }
    }
    return 0
  }
}
