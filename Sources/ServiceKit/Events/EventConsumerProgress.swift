import Foundation
import Metrics
import Synchronization

/// How far a consumer is, for metrics and for noticing a subscription that has gone silent.
final class EventConsumerProgress: Sendable {
  private let eventsApplied: Counter
  private let failures: Counter
  private let caughtUpAt = Mutex(Date())
  private let inARow = Atomic(0)
  private let heardAt = Mutex(ContinuousClock.now)

  init(source: String, metrics: PrometheusRegistry) {
    let labels = [("source", source)]
    eventsApplied = Counter(label: "event_consumer_applied", dimensions: labels, factory: metrics)
    failures = Counter(label: "event_consumer_failures", dimensions: labels, factory: metrics)
    metrics.gauge("event_consumer_lag_seconds", dimensions: labels) { [weak self] in
      guard let self else { return .nan }
      return max(0, -self.caughtUpAt.withLock { $0 }.timeIntervalSinceNow)
    }
  }

  /// Something arrived.
  func heard() {
    heardAt.withLock { $0 = .now }
  }

  /// Events were applied, the latest of them recorded at `latest`; nil when there was nothing to apply.
  func applied(_ count: Int, upTo latest: Date?) {
    inARow.store(0, ordering: .relaxed)
    eventsApplied.increment(by: count)
    caughtUpAt.withLock { $0 = latest ?? Date() }
  }

  func failed() {
    failures.increment()
    inARow.wrappingAdd(1, ordering: .relaxed)
  }

  /// Failures since something was last applied.
  var failuresInARow: Int { inARow.load(ordering: .relaxed) }

  /// Calls `giveUp` once nothing has arrived for so long.
  func watch(_ silenceMaximum: Duration, _ giveUp: @escaping @Sendable () -> Void) -> Task<Void, any Error> {
    heard()
    return Task { [weak self] in
      while let last = self?.heardAt.withLock({ $0 }) {
        guard ContinuousClock.now < last + silenceMaximum else { return giveUp() }
        try await Task.sleep(until: last + silenceMaximum)
      }
    }
  }
}
