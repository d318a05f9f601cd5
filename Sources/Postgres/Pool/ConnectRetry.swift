import Basics

/// When to connect again after failures.
struct ConnectRetry {
  private var backoff: Backoff
  private(set) var retryAt: Moment?

  /// Of each wait chance takes up to half, so that many clients of a restarted server do not come back at one moment.
  init(_ configuration: BackoffConfiguration) {
    let first = max(.nanoseconds(1), configuration.base)
    backoff = Backoff(first: first, maximum: max(first, configuration.maximum), spread: 0.5...1)
  }

  /// How often connecting has failed in a row.
  var failures: Int { backoff.failures }

  /// Counts a failure; `jitter` from 0 to 1 picks a wait between half and all of the full one.
  mutating func failed(now: Moment, jitter: Double) {
    retryAt = now + backoff.failed(chance: jitter).wholeNanoseconds
  }

  mutating func succeeded() {
    backoff.succeeded()
    retryAt = nil
  }

  /// Whether a failure forbids connecting just now.
  func forbids(_ now: Moment) -> Bool {
    retryAt.map { now < $0 } ?? false
  }
}
