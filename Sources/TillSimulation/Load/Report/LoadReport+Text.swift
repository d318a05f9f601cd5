import LocalSuite

extension LoadReport {
  /// Whether the ledger is right and the run was whole.
  package var isGood: Bool { verdict == .clean && lostProcesses.isEmpty && ramp?.fault == nil }

  /// The report, for people.
  package var lines: [String] {
    settingLines + [""] + numberLines + [""] + kindLines + failureLines + rampLines + [""] + verdictLines
  }

  /// The same for programs.
  package var results: [String] {
    var results = [
      "load.rate=\(Text.decimal(ratePerSecond, digits: 1))",
      "load.offered=\(total.offered)",
      "load.answered=\(total.answered)",
      "load.refused=\(total.refused)",
      "load.failed=\(total.failed)",
      "load.p50_ms=\(Text.decimal(total.latencyMilliseconds.p50, digits: 2))",
      "load.p99_ms=\(Text.decimal(total.latencyMilliseconds.p99, digits: 2))",
      "load.p999_ms=\(Text.decimal(total.latencyMilliseconds.p999, digits: 2))",
      "load.max_ms=\(Text.decimal(total.latencyMilliseconds.max, digits: 2))",
      "load.lost_processes=\(lostProcesses.count)",
      "load.interrupted=\(wasInterrupted)",
    ]
    if let ramp { results.append("load.knee=\(Text.decimal(ramp.knee, digits: 1))") }
    return (results + ["load.verdict=\(verdict.word)"]).map { "RESULT \($0)" }
  }

  private var settingLines: [String] {
    let width = settings.reduce(0) { max($0, $1.name.count) } + 2
    return settings.map { "  \(Self.padded($0.name, width))\($0.value)" }
  }

  private var numberLines: [String] {
    let latency = total.latencyMilliseconds
    let lines = [
      "  \(Text.decimal(ratePerSecond, digits: 0)) answers a second for \(Text.decimal(elapsedSeconds, digits: 1)) s"
        + (wasInterrupted ? ", interrupted" : ""),
      "  \(Text.count(total.offered)) requests offered, \(Text.count(total.answered)) answered, "
        + "\(Text.count(total.refused)) of them refused for business reasons, \(Text.count(total.failed)) failed",
      "  latency from intended start: p50 \(Self.time(latency.p50)), p90 \(Self.time(latency.p90)), "
        + "p99 \(Self.time(latency.p99)), p99.9 \(Self.time(latency.p999)), max \(Self.time(latency.max))",
    ]
    return lines + lostProcesses.map { "  \($0)" }
  }

  private var kindLines: [String] {
    let header = Self.row(["kind", "offered", "answered", "refused", "failed", "p50 ms", "p99 ms", "max ms"])
    return [header]
      + kinds.map { kind in
        let latency = kind.latencyMilliseconds
        return Self.row(
          [kind.name] + [kind.offered, kind.answered, kind.refused, kind.failed].map(Text.count)
            + [latency.p50, latency.p99, latency.max].map { Text.decimal($0, digits: 1) }
        )
      }
  }

  private var failureLines: [String] {
    guard !failures.isEmpty else { return [] }
    let sorted = failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ["", "  failures"] + sorted.map { "    \(Text.count($0.value)) × \($0.key)" }
  }

  private var rampLines: [String] {
    guard let ramp else { return [] }
    let header = Self.row(["rate", "answered/s", "p99 ms", "unanswered", "held"])
    let steps = ramp.steps.map { step in
      Self.row([
        Text.decimal(step.rate, digits: 0), Text.decimal(step.answeredPerSecond, digits: 0),
        Text.decimal(step.p99Milliseconds, digits: 1), Text.count(step.unanswered), step.held ? "yes" : "no",
      ])
    }
    if let fault = ramp.fault {
      return ["", header] + steps + ["  no knee: \(fault), which is no matter of speed"]
    }
    let knee =
      ramp.knee > 0
      ? "  the knee: \(Text.decimal(ramp.knee, digits: 0)) requests a second with p99 within "
        + "\(Text.trimmed(ramp.limitMilliseconds)) ms"
      : "  no rate that was tried held p99 within \(Text.trimmed(ramp.limitMilliseconds)) ms"
    return ["", header] + steps + [knee]
  }

  private var verdictLines: [String] {
    let checked = "checked by \(checkedBy); \(acknowledged.text) were acknowledged"
    switch verdict {
    case .findings(let findings):
      return ["  verdict: the ledger is wrong", "  \(checked)"] + findings.map { "    \($0)" }
    default:
      return ["  verdict: clean", "  \(checked)"]
    }
  }

  static func time(_ milliseconds: Double) -> String {
    "\(Text.decimal(milliseconds, digits: 1)) ms"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Cells in columns: the first to the left, numbers to the right.
  private static func row(_ cells: [String]) -> String {
    let rest = cells.dropFirst().map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }
    return "  " + padded(cells[0], 12) + rest.joined()
  }
}
