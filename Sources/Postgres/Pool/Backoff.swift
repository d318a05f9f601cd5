/// Counts failures to connect and returns when to try again.
struct Backoff {
  private let base: Int64
  private let maximum: Int64
  private(set) var failures = 0
  private(set) var retryAt: Moment?

  init(limits: BackoffConfiguration) {
    base = max(1, limits.base.wholeNanoseconds)
    maximum = max(base, limits.maximum.wholeNanoseconds)
  }

  /// Records a failure. `jitter` from 0 to 1 chooses a pause between half of the full one and all of it.
  mutating func failed(now: Moment, jitter: Double) {
    let (doubled, overflow) = base.multipliedReportingOverflow(by: 1 << Int64(min(failures, 40)))
    let full = overflow ? maximum : min(doubled, maximum)
    failures += 1
    retryAt = now + Int64(Double(full) * (0.5 + 0.5 * min(max(jitter, 0), 1)))
  }

  mutating func succeeded() {
    failures = 0
    retryAt = nil
  }

  /// Whether a failure forbids an attempt at `now`.
  func forbids(_ now: Moment) -> Bool {
    retryAt.map { now < $0 } ?? false
  }
}
