import LocalSuite

/// Has a service try again what it has set aside, and waits for what comes of it.
struct EventsRetry: Sendable {
  /// What came of it.
  struct Outcome: Sendable {
    var applied = 0
    var refused: [SetAsideEvent] = []
    var untried = 0

    /// What the operator reads.
    func lines(_ service: String) -> [String] {
      let still = refused.isEmpty ? "" : ", \(Text.count(refused.count)) still cannot be applied"
      let late = untried == 0 ? "" : ", \(Text.count(untried)) not tried yet: is \(service) running?"
      return ["\(service): \(Text.count(applied)) applied\(still)\(late)"] + refused.flatMap(\.lines)
    }
  }

  /// Most events that are reported; all are tried.
  private static let eventsMaximum = 10_000

  let store: SetAsideEvents
  let wait: Duration

  func run(_ selection: SetAsideEvents.Selection) async throws -> Outcome {
    let before = try await store.list(selection, limit: Self.eventsMaximum)
    guard !before.isEmpty else { return Outcome() }
    try await store.retry(selection)
    let end = ContinuousClock.now + wait
    while true {
      let now = try await store.list(selection, limit: Self.eventsMaximum)
      let outcome = Self.outcome(before, now)
      if outcome.untried == 0 || ContinuousClock.now >= end { return outcome }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// What came of events between two looks.
  static func outcome(_ before: [SetAsideEvent], _ now: [SetAsideEvent]) -> Outcome {
    var outcome = Outcome()
    let left = Dictionary(uniqueKeysWithValues: now.map { ($0.number, $0) })
    for event in before {
      guard let still = left[event.number] else {
        outcome.applied += 1
        continue
      }
      if still.attempts > event.attempts { outcome.refused.append(still) } else { outcome.untried += 1 }
    }
    return outcome
  }
}
