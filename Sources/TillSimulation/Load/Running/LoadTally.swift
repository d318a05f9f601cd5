import Synchronization

/// Counts what becomes of the requests of one process.
final class LoadTally: Sendable {
  /// How a request ended.
  enum Outcome: Sendable {
    case answered
    case refused
    case failed(reason: String)
    /// For another reason than that the service was asked too much.
    case faulty(reason: String)
  }

  /// The most distinct latencies in one message, so that its line stays far below what a parent reads at once.
  private static let latenciesPerMessage = 2_000
  /// The most reasons for failures that are counted apart.
  private static let reasonsMaximum = 50
  /// The most findings that are reported.
  private static let findingsMaximum = 100

  private struct Key: Hashable {
    var second: Int
    var kind: String
  }

  private struct State {
    var counts: [Key: LoadCounts] = [:]
    var latencies: [Key: [UInt32]] = [:]
    var failures: [String: Int] = [:]
    var faults: [String: Int] = [:]
    var findings: [String] = []
    var findingCount = 0
    var outstanding = 0
    var lastEnd: Duration = .zero

    mutating func count(_ second: Int, _ kind: String, _ change: (inout LoadCounts) -> Void) {
      change(&counts[Key(second: second, kind: kind), default: LoadCounts(second: second, kind: kind)])
    }
  }

  private let outstandingMaximum: Int
  private let state = Mutex(State())

  init(outstandingMaximum: Int) {
    self.outstandingMaximum = outstandingMaximum
  }

  /// Takes note of a request that is meant to start now.
  ///
  /// - Parameter intended: When, counted from the start of the run.
  /// - Returns: Whether it may be sent.
  func begin(_ kind: String, intended: Duration) -> Bool {
    state.withLock { state in
      let mayStart = state.outstanding < outstandingMaximum
      if mayStart { state.outstanding += 1 }
      state.count(Self.second(intended), kind) { counts in
        counts.offered += 1
        if !mayStart { counts.unsent += 1 }
      }
      if !mayStart { Self.count("not sent: \(outstandingMaximum) requests were unanswered", in: &state.failures) }
      return mayStart
    }
  }

  /// Takes note of a request's end, `end` after the start of the run.
  func end(_ kind: String, intended: Duration, end: Duration, _ outcome: Outcome) {
    state.withLock { state in
      state.outstanding -= 1
      state.lastEnd = max(state.lastEnd, end)
      let second = Self.second(intended)
      switch outcome {
      case .failed(let reason):
        state.count(second, kind) { $0.failed += 1 }
        return Self.count(reason, in: &state.failures)
      case .faulty(let reason):
        state.count(second, kind) { $0.failed += 1 }
        Self.count(reason, in: &state.failures)
        return Self.count(reason, in: &state.faults)
      case .answered:
        state.count(second, kind) { $0.answered += 1 }
      case .refused:
        state.count(second, kind) { counts in
          counts.answered += 1
          counts.refused += 1
        }
      }
      state.count(Self.second(end), kind) { $0.completed += 1 }
      let microseconds = (end - intended) / .microseconds(1)
      state.latencies[Key(second: second, kind: kind), default: []].append(UInt32(clamping: Int64(microseconds)))
    }
  }

  /// Takes note of something that must not be.
  func note(_ finding: LoadFinding) {
    state.withLock { state in
      state.findingCount += 1
      if state.findingCount <= Self.findingsMaximum { state.findings.append(finding.description) }
    }
  }

  /// How many requests are unanswered.
  var outstanding: Int { state.withLock { $0.outstanding } }

  /// When the last request ended, counted from the start of the run.
  var lastEnd: Duration { state.withLock { $0.lastEnd } }

  /// What happened since the last time that this was asked.
  func drain() -> [LoadMessage] {
    let (counts, latencies, failures, faults, findings) = state.withLock { state in
      defer {
        state.counts = [:]
        state.latencies = [:]
        state.failures = [:]
        state.faults = [:]
        state.findings = []
      }
      return (state.counts, state.latencies, state.failures, state.faults, state.findings)
    }
    var messages: [LoadMessage] = []
    for (key, counts) in counts.sorted(by: { ($0.key.second, $0.key.kind) < ($1.key.second, $1.key.kind) }) {
      var parts = Self.parts(latencies[key] ?? [])
      var first = counts
      first.latencies = parts.isEmpty ? [] : parts.removeFirst()
      messages.append(.counts(first))
      messages += parts.map { .counts(LoadCounts(second: key.second, kind: key.kind, latencies: $0)) }
    }
    if !failures.isEmpty { messages.append(.failures(failures)) }
    if !faults.isEmpty { messages.append(.faults(faults)) }
    return messages + findings.map { .finding($0) }
  }

  private static func second(_ duration: Duration) -> Int {
    max(0, Int(duration.components.seconds))
  }

  private static func count(_ reason: String, in reasons: inout [String: Int]) {
    let isKnown = reasons[reason] != nil || reasons.count < reasonsMaximum
    reasons[isKnown ? reason : "other reasons", default: 0] += 1
  }

  /// Latencies with how often each occurred, cut into messages.
  private static func parts(_ latencies: [UInt32]) -> [[UInt64]] {
    var parts: [[UInt64]] = []
    var part: [UInt64] = []
    for latency in latencies.sorted() {
      if let last = part.last, part[part.count - 2] == UInt64(latency) {
        part[part.count - 1] = last + 1
        continue
      }
      if part.count == 2 * latenciesPerMessage {
        parts.append(part)
        part = []
      }
      part += [UInt64(latency), 1]
    }
    return part.isEmpty ? parts : parts + [part]
  }
}
