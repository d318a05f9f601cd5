import Histogram
import LocalSuite
import Synchronization

/// Collects what the processes of a run say, and shows how it gets on.
final class LoadProgress: Sendable {
  private struct State {
    var series = LoadSeries()
    var shown = LoadCounts(second: 0, kind: "")
  }

  private let title: String
  private let terminal: Terminal
  private let seconds: Double
  private let state = Mutex(State())

  /// - Parameters:
  ///   - title: What the line begins with.
  ///   - seconds: How long the run will take.
  init(_ title: String, seconds: Double, terminal: Terminal) {
    self.title = title
    self.seconds = seconds
    self.terminal = terminal
  }

  /// What has been reported so far.
  var series: LoadSeries { state.withLock { $0.series } }

  /// Records what a process reported.
  func add(_ message: LoadMessage) {
    state.withLock { $0.series.add(message) }
    if case .finding(let finding) = message { note(finding) }
  }

  /// Takes note of a process that ended before its time.
  func lose(_ description: String) {
    state.withLock { $0.series.lose(description) }
    note(description)
  }

  /// Puts a line above the progress.
  func note(_ line: String) {
    terminal.write(terminal.isInteractive ? "\r\u{1B}[K\(line)\n" : line + "\n")
  }

  /// Shows how the run gets on until the task is cancelled: every second on a terminal, every five elsewhere.
  ///
  /// - Parameter start: When the first request is due.
  func show(from start: ContinuousClock.Instant) async {
    let interval = terminal.isInteractive ? 1 : 5
    try? await Task.sleep(until: start, clock: .continuous)
    while (try? await Task.sleep(for: .seconds(interval))) != nil {
      let elapsed = min(seconds, ((ContinuousClock.now - start) / .seconds(1)).rounded())
      let text = state.withLock { state in line(&state, elapsed: elapsed, interval: Double(interval)) }
      // A line that wraps could not be drawn over.
      terminal.write(terminal.isInteractive ? "\r\u{1B}[K\(text.prefix(terminal.width - 1))" : text + "\n")
    }
    if terminal.isInteractive { terminal.write("\r\u{1B}[K") }
  }

  private func line(_ state: inout State, elapsed: Double, interval: Double) -> String {
    let now = state.series.total.counts
    let before = state.shown
    state.shown = now
    // The last second is still being answered; the one before says how it goes.
    let recent = state.series.seconds.dropLast().last ?? state.series.total
    let p99 = Double(recent.latencies.valueAtPercentile(99)) / 1_000
    func rate(_ count: Int) -> String { Text.count(Int((Double(count) / interval).rounded())) }
    return "\(title) \(Int(elapsed)) of \(Text.trimmed(seconds)) s  offered \(rate(now.offered - before.offered))/s  "
      + "answered \(rate(now.completed - before.completed))/s  p99 \(Text.decimal(p99, digits: 1)) ms  "
      + "unanswered \(Text.count(state.series.unanswered - now.failed - now.unsent))  "
      + "refused \(Text.count(now.refused))  failed \(Text.count(now.failed + now.unsent))"
  }
}
