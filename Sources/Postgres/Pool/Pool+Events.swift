extension Pool {
  /// A connection is ready; `jitter` from 0 to 1 shortens its life by up to a tenth.
  mutating func opened(_ id: ConnectionID, now: Moment, jitter: Double) {
    backoff.succeeded()
    guard let index = index(of: id) else { return }
    slots[index].phase = .shared(inFlight: 0)
    slots[index].since = now
    let spread = Int64(Double(limits.ageNanoseconds) * 0.1 * min(max(jitter, 0), 1))
    slots[index].expires = now + (limits.ageNanoseconds - spread)
  }

  /// A connection could not be made; `jitter` from 0 to 1 spreads the next try.
  mutating func failed(_ id: ConnectionID, now: Moment, jitter: Double) {
    backoff.failed(now: now, jitter: jitter)
    slots.removeAll { $0.id == id }
  }

  /// A connection broke or was closed.
  mutating func lost(_ id: ConnectionID) {
    slots.removeAll { $0.id == id }
  }

  /// One query of a shared connection ended.
  mutating func queryFinished(_ id: ConnectionID, now: Moment) {
    guard let index = index(of: id), case .shared(let inFlight) = slots[index].phase else { return }
    slots[index].phase = .shared(inFlight: max(0, inFlight - 1))
    slots[index].since = now
  }

  /// A client gave its connection back.
  mutating func leaseEnded(_ id: ConnectionID, now: Moment) {
    guard let index = index(of: id), slots[index].phase == .leased else { return }
    slots[index].phase = .shared(inFlight: 0)
    slots[index].since = now
  }

  /// A statement on the connection is being cancelled.
  mutating func paused(_ id: ConnectionID) {
    if let index = index(of: id) { slots[index].isPaused = true }
  }

  /// The cancelling is over.
  mutating func resumed(_ id: ConnectionID) {
    if let index = index(of: id) { slots[index].isPaused = false }
  }
}
