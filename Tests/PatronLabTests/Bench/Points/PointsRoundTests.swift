import Histogram
import Testing

@testable import patron_lab

@Suite("Rounds in which the points service and the naive ledger are measured in turns")
struct PointsRoundTests {
  private func round(naive: [Int: Double], p99: Duration = .milliseconds(30)) -> PointsRound {
    PointsRound(naive: naive.mapValues { NaiveLedger.Report(perSecond: $0, p50: .milliseconds(2), p99: p99) })
  }

  @Test("report the median, of two the lower one, and nothing if nothing was measured")
  func median() {
    let rounds = [5_000.0, 1_000, 3_000].map { round(naive: [16: $0]) }
    #expect(rounds.median { $0.naive[16]?.perSecond } == 3_000)
    #expect(Array(rounds.prefix(2)).median { $0.naive[16]?.perSecond } == 1_000)
    #expect(rounds.median { $0.naive[64]?.perSecond } == nil)
    #expect([PointsRound]().median { _ in 1 } == nil)
  }

  @Test("compare a rate with the naive ledger's best, and the time of 99 in 100 with that of as many connections")
  func ratios() {
    let round = round(naive: [16: 5_000, 64: 4_000], p99: .milliseconds(30))
    var report = PointsLoad.Report(operations: 80_000, elapsed: .seconds(2))
    report.latencies.record(10_000)
    #expect(round.ratioToNaive(report) == 8)
    let ratio = round.ninetyNinthRatio(report, connections: 64)
    #expect(abs((ratio ?? 0) - 1.0 / 3) < 0.01)
  }

  @Test("have no ratio where one of the two was not measured")
  func missing() {
    #expect(round(naive: [16: 5_000]).ratioToNaive(nil) == nil)
    #expect(round(naive: [16: 5_000]).ninetyNinthRatio(nil, connections: 64) == nil)
  }
}
