import Synchronization

/// Shows how a step gets on: a bar that is drawn over and over on a terminal, a line every few seconds elsewhere.
package final class ProgressReporter: Sendable {
  private struct State {
    var done = 0
    var drawnAt: ContinuousClock.Instant?
  }

  private let terminal: Terminal
  private let bar: ProgressBar
  private let startedAt = ContinuousClock.now
  private let state = Mutex(State())

  package init(_ title: String, total: Int, terminal: Terminal) {
    self.terminal = terminal
    bar = ProgressBar(title: title, total: total)
    draw(done: 0)
  }

  /// How long the step has taken.
  package var elapsed: Duration { ContinuousClock.now - startedAt }

  /// Takes note that `count` more are done.
  package func advance(by count: Int = 1) {
    let interval: Duration = terminal.isInteractive ? .milliseconds(100) : .seconds(5)
    let due = state.withLock { state -> Int? in
      state.done += count
      let now = ContinuousClock.now
      guard let drawnAt = state.drawnAt, now - drawnAt < interval else {
        state.drawnAt = now
        return state.done
      }
      return nil
    }
    if let due { draw(done: due) }
  }

  /// Puts a line above the bar.
  package func note(_ line: String) {
    terminal.write(terminal.isInteractive ? "\r\u{1B}[K\(line)\n" : line + "\n")
    if terminal.isInteractive { draw(done: state.withLock(\.done)) }
  }

  /// Shows the end of the step.
  package func finish() {
    draw(done: state.withLock(\.done))
    if terminal.isInteractive { terminal.write("\n") }
  }

  private func draw(done: Int) {
    let line = bar.line(done: done, elapsed: elapsed, width: terminal.width)
    terminal.write(terminal.isInteractive ? "\r\u{1B}[K\(line)" : line + "\n")
    state.withLock { $0.drawnAt = ContinuousClock.now }
  }
}

/// How one step of a long job gets on, as a line of text.
struct ProgressBar: Sendable {
  /// What is being done.
  var title: String
  /// How much there is to do.
  var total: Int

  /// "Receipts ━━━━━━━━╸           12,345 / 47,243  26%  1,204/s  0:29 left"
  func line(done: Int, elapsed: Duration, width: Int) -> String {
    let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
    let seconds = elapsed / .seconds(1)
    let rate = seconds > 0 ? Double(done) / seconds : 0
    var figures = "\(Text.count(done)) / \(Text.count(total))  \(Int(share * 100))%"
    if rate > 0 {
      figures += "  \(Text.count(Int(rate)))/s"
      if done < total { figures += "  \(Self.clock(Double(total - done) / rate)) left" }
    }
    let room = min(40, width - title.count - figures.count - 4)
    guard room >= 8 else { return "\(title) \(figures)" }
    let filled = Int(share * Double(room))
    return "\(title) \(String(repeating: "━", count: filled))\(String(repeating: "·", count: room - filled)) \(figures)"
  }

  /// "1:05", of a number of seconds.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 359_999).rounded(.up))
    return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
  }
}
