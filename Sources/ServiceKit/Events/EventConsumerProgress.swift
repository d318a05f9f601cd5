import Basics
import Foundation
import Metrics
import Synchronization

/// How far a consumer is: for metrics, for `/readyz`, and for noticing a subscription that has gone silent.
final class EventConsumerProgress: Sendable {
  private struct State {
    /// When the oldest event that is known to wait was recorded; when the source was last heard of while it cannot be
    /// reached; nil when nothing waits.
    var waitingSince: Date?
    /// When the source was last heard of.
    var heardAt: Date
    var heard = ContinuousClock.now
    /// When a response was last applied, or nothing was to be done.
    var succeeded = ContinuousClock.now
    var failuresInARow = 0
    var lastFailure: String?
    var setAside = SetAsideStore.Counts()
  }

  private let source: String
  private let stallMaximum: Duration
  private let clock: WallClock
  private let eventsApplied: Counter
  private let failures: Counter
  private let state: Mutex<State>

  init(
    source: String,
    stallMaximum: Duration,
    clock: WallClock,
    metrics: PrometheusRegistry,
    readiness: Readiness
  ) {
    self.source = source
    self.stallMaximum = stallMaximum
    self.clock = clock
    state = Mutex(State(heardAt: clock.now))
    let labels = [("source", source)]
    eventsApplied = Counter(label: "event_consumer_applied", dimensions: labels, factory: metrics)
    failures = Counter(label: "event_consumer_failures", dimensions: labels, factory: metrics)
    func gauge(_ name: String, _ read: @escaping @Sendable (EventConsumerProgress) -> Double) {
      metrics.gauge(name, dimensions: labels) { [weak self] in self.map(read) ?? .nan }
    }
    gauge("event_consumer_lag_seconds") { $0.lagSeconds }
    gauge("event_consumer_stalled") { $0.stall == nil ? 0 : 1 }
    gauge("event_consumer_set_aside") { Double($0.counts.setAside) }
    gauge("event_consumer_waiting") { Double($0.counts.waiting) }
    readiness.watch { [weak self] in self?.troubles ?? [] }
  }

  /// For how long the oldest event waits; 0 when none does.
  var lagSeconds: Double {
    guard let since = state.withLock({ $0.waitingSince }) else { return 0 }
    return max(0, clock.now.timeIntervalSince(since))
  }

  /// Failures since something was last applied.
  var failuresInARow: Int { state.withLock { $0.failuresInARow } }

  private var counts: SetAsideStore.Counts { state.withLock { $0.setAside } }
}

extension EventConsumerProgress {
  /// Something arrived; the oldest of its events was recorded at `oldest`, nil if it has none.
  func heard(_ oldest: Date? = nil) {
    let now = clock.now
    state.withLock { state in
      state.heard = .now
      state.heardAt = now
      if let oldest { state.waitingSince = oldest }
    }
  }

  /// Events were applied.
  func applied(_ count: Int) {
    eventsApplied.increment(by: count)
  }

  /// All of a response was applied; the oldest event that still waits was recorded after `waitingSince`, nil if none waits.
  func succeeded(waitingSince: Date?) {
    state.withLock { state in
      state.failuresInARow = 0
      state.lastFailure = nil
      state.succeeded = .now
      state.waitingSince = waitingSince
    }
  }

  /// Another instance has its turn.
  func rested() {
    succeeded(waitingSince: nil)
  }

  func failed(_ reason: String) {
    failures.increment()
    state.withLock { state in
      state.failuresInARow += 1
      state.lastFailure = reason
      state.waitingSince = state.waitingSince ?? state.heardAt
    }
  }

  /// Some events were set aside, in addition to those that are known.
  func setAside(_ events: [SetAsideEvent]) {
    guard !events.isEmpty else { return }
    state.withLock { state in
      for event in events {
        if event.reason == nil { state.setAside.waiting += 1 } else { state.setAside.setAside += 1 }
      }
    }
  }

  /// The number of events that are set aside.
  func counted(_ counts: SetAsideStore.Counts) {
    state.withLock { $0.setAside = counts }
  }
}

extension EventConsumerProgress {
  /// Says since when nothing is applied; nil unless that is longer than it may take.
  private var stall: String? {
    let (succeeded, failure) = state.withLock { ($0.succeeded, $0.lastFailure) }
    let duration = ContinuousClock.now - succeeded
    guard duration > stallMaximum else { return nil }
    return "nothing of \(source) is applied for \(duration.components.seconds) s: \(failure ?? "it does not answer")"
  }

  private var troubles: [String] {
    let counts = counts
    let isAnySetAside = counts != SetAsideStore.Counts()
    let setAside =
      "\(counts.setAside) events of \(source) are set aside, and \(counts.waiting) wait behind them: patron events list"
    return [stall, isAnySetAside ? setAside : nil].compactMap(\.self)
  }

  /// Calls `giveUp` once nothing has arrived for so long.
  func watch(_ silenceMaximum: Duration, _ giveUp: @escaping @Sendable () -> Void) -> Task<Void, any Error> {
    heard()
    return Task { [weak self] in
      while let last = self?.state.withLock({ $0.heard }) {
        guard ContinuousClock.now < last + silenceMaximum else { return giveUp() }
        try await Task.sleep(until: last + silenceMaximum)
      }
    }
  }
}
