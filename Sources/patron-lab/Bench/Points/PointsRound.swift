/// What was measured one right after the other, so that whatever else the machine does slows all of it alike.
struct PointsRound: Sendable {
  /// The naive ledger, by its connections; empty if it is not measured.
  var naive: [Int: NaiveLedger.Report] = [:]
  /// The points service with requests on streams, by how many are in flight.
  var streams: [Int: PointsLoad.Report] = [:]
  /// The points service with a call for each request, by how many are in flight.
  var calls: [Int: PointsLoad.Report] = [:]

  /// How many times as many operations a second a report has as the naive ledger at its best; nil if that is not known.
  func ratioToNaive(_ report: PointsLoad.Report?) -> Double? {
    guard let report, let best = naive.values.map(\.perSecond).max(), best > 0 else { return nil }
    return report.perSecond / best
  }

  /// How long 99 of 100 requests take at most, as a part of what they take in the naive ledger with as many at a time.
  func ninetyNinthRatio(_ report: PointsLoad.Report?, connections: Int) -> Double? {
    guard let report, let naive = naive[connections], naive.p99 > .zero else { return nil }
    return report.percentile(99) / naive.p99
  }
}

extension [PointsRound] {
  /// The median over the rounds of what they say; of an even number of rounds the lower of the two in the middle. Nil if none
  /// says anything.
  func median(_ value: (PointsRound) -> Double?) -> Double? {
    let values = compactMap(value).sorted()
    return values.isEmpty ? nil : values[(values.count - 1) / 2]
  }
}

/// What `patron-lab bench-points` measures.
struct PointsPlan: Sendable {
  /// How long each measurement takes.
  var seconds = 15
  /// How often the two ledgers are measured beside each other.
  var rounds = 3
  var members = 1_000_000
  /// Whether a transaction a request is measured too.
  var comparesNaive = true
  /// How many members there are in the end, to see what more of them cost; nil leaves that out.
  var scaledMembers: Int? = 10_000_000
  /// How long the service's memory is watched under load; 0 leaves that out.
  var memoryMinutes = 5
}
