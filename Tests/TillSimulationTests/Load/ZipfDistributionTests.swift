import Basics
import Foundation
import ServiceKit
import Testing

@testable import TillSimulation

@Suite("Zipf's distribution")
struct ZipfDistributionTests {
  private static let draws = 200_000

  private func counts(_ distribution: ZipfDistribution, upTo limit: Int, seed: UInt64) -> [Int] {
    var random = RandomSource.seeded(seed)
    var counts = [Int](repeating: 0, count: limit + 1)
    for _ in 0..<Self.draws {
      let number = distribution.next(using: &random)
      #expect((1...distribution.count).contains(number))
      if number <= limit { counts[number] += 1 }
    }
    return counts
  }

  /// Returns the sum of 1 / k^exponent for k from 1 to count, by the Euler-Maclaurin formula beyond the first thousand.
  private func harmonic(_ count: Int, _ exponent: Double) -> Double {
    let exact = min(count, 1_000)
    let head = (1...exact).reduce(0.0) { $0 + pow(Double($1), -exponent) }
    guard count > exact else { return head }
    let (low, high) = (Double(exact), Double(count))
    let integral =
      exponent == 1 ? log(high / low) : (pow(high, 1 - exponent) - pow(low, 1 - exponent)) / (1 - exponent)
    let ends = (pow(high, -exponent) - pow(low, -exponent)) / 2
    let slopes = exponent * (pow(low, -exponent - 1) - pow(high, -exponent - 1)) / 12
    return head + integral + ends + slopes
  }

  @Test(
    "of ten numbers each is drawn as often as the formula says (chi-squared, 9 degrees of freedom)",
    arguments: [0.5, 0.99, 1, 1.5, 3]
  )
  func ten(exponent: Double) {
    let counts = counts(ZipfDistribution(count: 10, exponent: exponent), upTo: 10, seed: 11)
    let total = harmonic(10, exponent)
    let statistic = (1...10).reduce(0.0) { sum, number in
      let expected = Double(Self.draws) * pow(Double(number), -exponent) / total
      let difference = Double(counts[number]) - expected
      return sum + difference * difference / expected
    }
    // Exceeded once in 10,000 draws of a seed; the seed is fixed.
    #expect(statistic < 33.7)
  }

  @Test("of ten million the first ones are drawn as often as the formula says", arguments: [0.8, 0.99, 1.2])
  func tenMillion(exponent: Double) {
    let count = 10_000_000
    let counts = counts(ZipfDistribution(count: count, exponent: exponent), upTo: 1_000, seed: 12)
    let total = harmonic(count, exponent)
    for number in [1, 2, 3, 10] {
      let share = pow(Double(number), -exponent) / total
      let deviation = (Double(Self.draws) * share * (1 - share)).squareRoot()
      #expect(abs(Double(counts[number]) - Double(Self.draws) * share) < 4.5 * deviation)
    }
    let head = harmonic(1_000, exponent) / total
    let deviation = (Double(Self.draws) * head * (1 - head)).squareRoot()
    #expect(abs(Double(counts.reduce(0, +)) - Double(Self.draws) * head) < 4.5 * deviation)
  }

  @Test("of one number that one is drawn")
  func one() {
    var random = RandomSource.seeded(1)
    #expect(ZipfDistribution(count: 1, exponent: 0.99).next(using: &random) == 1)
  }
}

@Suite("Who shops")
struct MemberPickerTests {
  private func picks(_ choice: MemberChoice, count: Int, draws: Int = 20_000) -> [Int] {
    var random = RandomSource.seeded(5)
    let picker = MemberPicker(choice, count: count)
    return (0..<draws).map { _ in picker.next(using: &random) }
  }

  @Test("hot members have their share of the sales")
  func hot() {
    let picks = picks(.hot(count: 10, share: 0.5), count: 1_000)
    let share = Double(picks.count { $0 < 10 }) / Double(picks.count)
    #expect(abs(share - 0.5) < 0.02)
    #expect(picks.contains { $0 >= 990 })
  }

  @Test(
    "every member is drawn sooner or later, none beyond the last",
    arguments: [MemberChoice.uniform, .zipf(exponent: 0.5)]
  )
  func all(choice: MemberChoice) {
    #expect(Set(picks(choice, count: 20)) == Set(0..<20))
  }

  @Test("when all members are hot, all are alike")
  func allHot() {
    #expect(Set(picks(.hot(count: 10, share: 0.9), count: 5)) == Set(0..<5))
  }
}
