package import Foundation
import Histogram

/// What a load came to. Made only together with a verdict: throughput that nobody has checked is no result.
package struct LoadReport: Codable, Sendable {
  /// Latencies of some requests, in milliseconds from intended start to answer.
  struct Latency: Codable, Hashable, Sendable {
    var p50 = 0.0
    var p90 = 0.0
    var p99 = 0.0
    var p999 = 0.0
    var max = 0.0
  }

  /// One second, or one kind.
  struct Part: Codable, Hashable, Sendable {
    /// The second from the start, or the kind.
    var name: String
    /// Requests that were meant to start.
    var offered: Int
    /// Requests of these that were answered, refusals included.
    var answered: Int
    /// Requests of these that were refused for a reason of business.
    var refused: Int
    /// Requests of these that failed or could not be sent.
    var failed: Int
    /// Requests that were answered in this second, whenever they were meant to start.
    var completed: Int
    var latencyMilliseconds: Latency
  }

  /// A point of the percentile curve.
  struct Percentile: Codable, Hashable, Sendable {
    /// 0 to 100.
    var percentile: Double
    var milliseconds: Double
  }

  /// What was asked for, in words by name.
  struct Setting: Codable, Hashable, Sendable {
    var name: String
    var value: String
  }

  /// When it began, as 2026-11-22T14:00:00Z.
  var startedAt: String
  var settings: [Setting]
  /// From the start to the last answer.
  var elapsedSeconds: Double
  /// Answered requests a second, refusals included.
  var ratePerSecond: Double
  /// All requests.
  var total: Part
  var kinds: [Part]
  var seconds: [Part]
  var percentiles: [Percentile]
  /// Why requests failed, and how often.
  var failures: [String: Int]
  /// What happened to processes that should not have.
  var lostProcesses: [String]
  /// Whether the operator ended it early.
  var wasInterrupted: Bool
  /// The search for the knee, if that was asked for.
  var ramp: LoadRamp?
  /// What was acknowledged.
  var acknowledged: AcknowledgedCounts
  var verdict: Verdict
  /// What the verdict rests on.
  var checkedBy: String

  /// What a run came to; nil if nobody has checked the ledger.
  ///
  /// - Parameter verdict: What the check found; what the run itself noticed is added.
  init?(
    _ series: LoadSeries,
    settings: [Setting],
    startedAt: String,
    acknowledged: AcknowledgedCounts,
    wasInterrupted: Bool,
    ramp: LoadRamp?,
    verdict: Verdict,
    checkedBy: String
  ) {
    if case .notAsked = verdict { return nil }
    self.startedAt = startedAt
    self.settings = settings
    elapsedSeconds = series.elapsed / .seconds(1)
    ratePerSecond = series.perSecond
    total = Part("all", series.total)
    total.latencyMilliseconds = Latency(series.latencies)
    kinds = LoadKind.all.compactMap { kind in series.kinds[kind.name].map { Part(kind.name, $0) } }
    seconds = series.seconds.enumerated().map { Part(String($0), $1) }
    percentiles = Self.percentiles(series.latencies)
    failures = series.failures
    lostProcesses = series.lostProcesses
    self.wasInterrupted = wasInterrupted
    self.ramp = ramp
    self.acknowledged = acknowledged
    self.verdict = verdict.adding(series.findings)
    self.checkedBy = checkedBy
  }

  /// The curve: ten points for each nine.
  private static func percentiles(_ histogram: Histogram<UInt64>) -> [Percentile] {
    guard histogram.totalCount > 0 else { return [] }
    var points: [Percentile] = []
    var rest = 100.0
    // Beyond the share of a single request there is nothing to see.
    while rest * Double(histogram.totalCount) >= 100 {
      let percentile = 100 - rest
      points.append(
        Percentile(percentile: percentile, milliseconds: Double(histogram.valueAtPercentile(percentile)) / 1_000)
      )
      rest /= 1.258_925_411_794_167
    }
    points.append(Percentile(percentile: 100, milliseconds: Double(histogram.valueAtPercentile(100)) / 1_000))
    return points
  }
}

extension LoadReport.Part {
  /// The numbers of a second or a kind.
  init(_ name: String, _ part: LoadSeries.Part) {
    self.name = name
    offered = part.counts.offered
    answered = part.counts.answered
    refused = part.counts.refused
    failed = part.counts.failed + part.counts.unsent
    completed = part.counts.completed
    latencyMilliseconds = LoadReport.Latency(part.latencies)
  }
}

extension LoadReport.Latency {
  /// The percentiles of a histogram of microseconds.
  init(_ histogram: Histogram<some FixedWidthInteger & Codable & Sendable>) {
    guard histogram.totalCount > 0 else { return }
    func milliseconds(_ percentile: Double) -> Double { Double(histogram.valueAtPercentile(percentile)) / 1_000 }
    p50 = milliseconds(50)
    p90 = milliseconds(90)
    p99 = milliseconds(99)
    p999 = milliseconds(99.9)
    max = milliseconds(100)
  }
}

extension LoadReport {
  /// The whole report as JSON.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
