import Basics
import Testing

@Suite("Back-off")
struct BackoffTests {
  @Test("doubles from the first wait up to the longest, and begins again after a success")
  func grows() {
    var backoff = Backoff(first: .milliseconds(100), maximum: .milliseconds(350))
    #expect((0..<5).map { _ in backoff.failed() } == [100, 200, 350, 350, 350].map { .milliseconds($0) })
    #expect(backoff.failures == 5)
    backoff.succeeded()
    #expect(backoff.failures == 0)
    #expect(backoff.failed() == .milliseconds(100))
  }

  @Test("the wait after a number of failures is the one that counting leads to", arguments: 1...100)
  func afterFailures(_ failures: Int) {
    let backoff = Backoff(first: .milliseconds(2), multiplier: 1.6, maximum: .seconds(90))
    var counting = backoff
    var last = Duration.zero
    for _ in 0..<failures { last = counting.failed() }
    #expect(backoff.wait(after: failures) == last)
    #expect(backoff.wait(after: 0) == .milliseconds(2))
  }

  @Test("no multiplier and no number of failures leads beyond the longest wait")
  func extremes() {
    #expect(Backoff(first: .seconds(1), multiplier: 1e300, maximum: .seconds(9)).wait(after: 3) == .seconds(9))
    #expect(Backoff(first: .seconds(1), maximum: .seconds(Int64.max)).wait(after: 10_000) == .seconds(Int64.max))
    #expect(Backoff(first: .seconds(10), maximum: .seconds(1)).wait(after: 1) == .seconds(1))
    #expect(Backoff(first: .zero, maximum: .seconds(1)).wait(after: 5) == .zero)
    #expect(Backoff(first: .seconds(-1), maximum: .seconds(-1)).wait(after: 5) == .zero)
  }

  @Test("chance picks from the spread", arguments: [(0.0, 50), (0.5, 75), (1.0, 100), (7.0, 100), (-1.0, 50)])
  func chance(_ chance: Double, _ milliseconds: Int) {
    let backoff = Backoff(first: .milliseconds(100), maximum: .seconds(1), spread: 0.5...1)
    #expect(backoff.wait(after: 1, chance: chance) == .milliseconds(milliseconds))
  }

  @Test("a source of random numbers picks evenly", arguments: [(UInt64(0), 0), (1 << 63, 50), (.max, 100)])
  func random(_ number: UInt64, _ milliseconds: Int) {
    var source = RandomSource { number }
    let wait = Backoff(first: .milliseconds(100), maximum: .seconds(1), spread: 0...1).wait(after: 1, using: &source)
    #expect(Int((wait / .milliseconds(1)).rounded()) == milliseconds)
  }
}
