import Histogram

/// What happened to a load, merged from all its processes.
struct LoadSeries: Sendable {
  /// One second, or one kind.
  struct Part: Sendable {
    /// All but the latencies.
    var counts: LoadCounts
    /// Microseconds, to two digits.
    var latencies = Histogram<UInt32>(
      lowestDiscernibleValue: 1,
      highestTrackableValue: LoadSeries.latencyMaximum,
      numberOfSignificantValueDigits: .two
    )
  }

  /// Longer latencies are counted as this long: an hour, in microseconds.
  static let latencyMaximum: UInt64 = 3_600_000_000

  /// By the second for which the requests were meant.
  private(set) var seconds: [Part] = []
  private(set) var kinds: [String: Part] = [:]
  /// All together.
  private(set) var total = Part(counts: LoadCounts(second: 0, kind: ""))
  /// Microseconds, to three digits, of all requests.
  private(set) var latencies = Histogram<UInt64>(
    lowestDiscernibleValue: 1,
    highestTrackableValue: LoadSeries.latencyMaximum,
    numberOfSignificantValueDigits: .three
  )
  private(set) var failures: [String: Int] = [:]
  /// Of these, the ones that have nothing to do with how much was asked.
  private(set) var faults: [String: Int] = [:]
  private(set) var findings: [String] = []
  /// How long it took, to the last answer.
  private(set) var elapsed: Duration = .zero
  /// What happened to processes that should not have.
  private(set) var lostProcesses: [String] = []

  /// Adds what a process reported.
  mutating func add(_ message: LoadMessage) {
    switch message {
    case .counts(let counts): add(counts)
    case .failures(let counts): failures.merge(counts, uniquingKeysWith: +)
    case .faults(let counts): faults.merge(counts, uniquingKeysWith: +)
    case .finding(let finding): findings.append(finding)
    case .finished(let microseconds): elapsed = max(elapsed, .microseconds(microseconds))
    }
  }

  /// Takes note of a process that ended before its time.
  mutating func lose(_ description: String) {
    lostProcesses.append(description)
  }

  /// Adds what came after this, in a step of its own.
  mutating func append(_ other: LoadSeries) {
    let start = Int((elapsed / .seconds(1)).rounded(.up))
    while seconds.count < start { addSecond() }
    for part in other.seconds {
      addSecond()
      Self.merge(part, into: &seconds[seconds.count - 1])
    }
    for (kind, part) in other.kinds {
      Self.merge(part, into: &kinds[kind, default: Part(counts: LoadCounts(second: 0, kind: kind))])
    }
    Self.merge(other.total, into: &total)
    latencies.add(other.latencies)
    failures.merge(other.failures, uniquingKeysWith: +)
    faults.merge(other.faults, uniquingKeysWith: +)
    findings += other.findings
    lostProcesses += other.lostProcesses
    elapsed = .seconds(start) + other.elapsed
  }

  private mutating func add(_ counts: LoadCounts) {
    while seconds.count <= counts.second { addSecond() }
    let kind = counts.kind
    Self.add(counts, to: &seconds[counts.second])
    Self.add(counts, to: &kinds[kind, default: Part(counts: LoadCounts(second: 0, kind: kind))])
    Self.add(counts, to: &total)
    Self.pairs(counts.latencies) { value, count in latencies.record(value, count: count) }
  }

  private mutating func addSecond() {
    seconds.append(Part(counts: LoadCounts(second: seconds.count, kind: "")))
  }

  private static func add(_ counts: LoadCounts, to part: inout Part) {
    sum(counts, into: &part.counts)
    pairs(counts.latencies) { value, count in part.latencies.record(value, count: UInt32(clamping: count)) }
  }

  private static func merge(_ other: Part, into part: inout Part) {
    sum(other.counts, into: &part.counts)
    part.latencies.add(other.latencies)
  }

  private static func sum(_ counts: LoadCounts, into sum: inout LoadCounts) {
    sum.offered += counts.offered
    sum.answered += counts.answered
    sum.refused += counts.refused
    sum.failed += counts.failed
    sum.unsent += counts.unsent
    sum.completed += counts.completed
  }

  private static func pairs(_ list: [UInt64], _ body: (UInt64, UInt64) -> Void) {
    var place = 0
    while place + 1 < list.count {
      body(min(latencyMaximum, max(1, list[place])), list[place + 1])
      place += 2
    }
  }
}

extension LoadSeries {
  /// Requests answered in a second, from the start to the last answer.
  var perSecond: Double {
    Double(total.counts.answered) / max(0.001, elapsed / .seconds(1))
  }

  /// Requests that were not answered.
  var unanswered: Int { total.counts.offered - total.counts.answered }

  /// A percentile of the latency, in milliseconds.
  func milliseconds(_ percentile: Double) -> Double {
    Double(latencies.valueAtPercentile(percentile)) / 1_000
  }

  /// Whether every request was answered, and 99 of 100 within `limit`.
  func holds(within limit: Duration) -> Bool {
    total.counts.offered > 0 && unanswered == 0 && lostProcesses.isEmpty && findings.isEmpty
      && milliseconds(99) <= limit / .milliseconds(1)
  }
}
