/// Waits for one arrival after the other. An arrival that is overdue comes at once: an open loop never waits for answers,
/// and never leaves an arrival out.
struct Pacer: Sendable {
  /// The longest sleep, so that a stop is noticed soon at any rate.
  private static let sleepMaximum: Duration = .milliseconds(100)

  private var schedule: ArrivalSchedule
  private let start: ContinuousClock.Instant

  init(_ schedule: ArrivalSchedule, start: ContinuousClock.Instant) {
    self.schedule = schedule
    self.start = start
  }

  /// Returns when the next arrival is due, with the moment for which it was meant; nil when there are no more, or when
  /// `isStopped` says so.
  mutating func next(unless isStopped: () -> Bool = { false }) async -> ContinuousClock.Instant? {
    guard !isStopped(), let offset = schedule.next() else { return nil }
    let due = start + offset
    while true {
      let now = ContinuousClock.now
      if due <= now { return due }
      try? await Task.sleep(until: min(due, now + Self.sleepMaximum), tolerance: .zero, clock: .continuous)
      if Task.isCancelled || isStopped() { return nil }
    }
  }
}
