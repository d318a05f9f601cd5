import Basics
import ServiceKit
import Testing

@testable import TillSimulation

@Suite("When requests are meant to start")
struct ArrivalScheduleTests {
  private func seconds(
    _ curve: RateCurve,
    _ spacing: ArrivalSpacing,
    seed: UInt64 = 1,
    share: ProcessShare = ProcessShare()
  ) -> [Double] {
    var schedule = ArrivalSchedule(curve, spacing: spacing, random: .seeded(seed), share: share)
    var times: [Double] = []
    while let time = schedule.next() { times.append(time / .seconds(1)) }
    return times
  }

  @Test("even arrivals lie at equal distances from the start")
  func even() {
    let times = seconds(.constant(4, seconds: 2), .even)
    #expect(times == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75])
  }

  @Test(
    "both spacings have exactly as many arrivals as the rate asks for, in order and in time",
    arguments: ArrivalSpacing.allCases
  )
  func count(spacing: ArrivalSpacing) {
    let times = seconds(.constant(3_952, seconds: 5), spacing)
    #expect(times.count == 19_760)
    #expect(times == times.sorted())
    #expect((times.last ?? 9) < 5 && times[0] >= 0)
  }

  @Test(
    "the distances of Poisson arrivals are exponential: their deviation is their mean, and 1 - 1/e are below it",
    arguments: 1...5 as ClosedRange<UInt64>
  )
  func poisson(seed: UInt64) {
    let times = seconds(.constant(1_000, seconds: 100), .poisson, seed: seed)
    let distances = zip(times.dropFirst(), times).map { $0 - $1 }
    let mean = distances.reduce(0, +) / Double(distances.count)
    let variance = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(distances.count)
    let below = Double(distances.count { $0 < mean }) / Double(distances.count)
    #expect(abs(mean - 0.001) < 0.000_01)
    #expect(abs(variance.squareRoot() / mean - 1) < 0.02)
    #expect(abs(below - 0.632) < 0.01)
  }

  @Test("the same seed gives the same arrivals, another seed others")
  func seeds() {
    let curve = RateCurve.constant(100, seconds: 1)
    #expect(seconds(curve, .poisson, seed: 7) == seconds(curve, .poisson, seed: 7))
    #expect(seconds(curve, .poisson, seed: 7) != seconds(curve, .poisson, seed: 8))
  }

  @Test("several processes share the arrivals without a rest, evenly interleaved", arguments: [2, 3, 7])
  func shares(count: Int) {
    let curve = RateCurve.constant(100, seconds: 1)
    let all = (0..<count).flatMap { seconds(curve, .even, share: ProcessShare(index: $0, count: count)) }
    #expect(all.count == 100)
    #expect(Set(all).count == 100)
    let poisson = (0..<count).flatMap { seconds(curve, .poisson, share: ProcessShare(index: $0, count: count)) }
    #expect(poisson.count == 100)
  }

  @Test("a day's curve has its peak in the busiest hour, and every hour its share")
  func day() {
    let curve = RateCurve.day([1, 2, 4, 1], peak: 400, seconds: 4)
    #expect(curve.peak == 400)
    #expect(curve.seconds == 4)
    let times = seconds(curve, .even)
    let byHour = (0..<4).map { hour in times.count { Int($0) == hour } }
    #expect(byHour == [100, 200, 400, 100])
  }

  @Test("an hour without a rate has no arrivals")
  func emptyHour() {
    let times = seconds(.day([2, 0, 2], peak: 10, seconds: 3), .poisson)
    #expect(times.count == 20)
    #expect(times.allSatisfy { $0 < 1 || $0 >= 2 })
  }
}
