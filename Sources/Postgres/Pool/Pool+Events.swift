extension Pool {
  /// Adds a ready connection. `jitter` from 0 to 1 shortens its life by up to a tenth.
  mutating func opened(_ id: ConnectionID, now: Moment, jitter: Double) {
    retry.succeeded()
    guard let index = index(of: id) else { return }
    slots[index].phase = .shared(inFlight: 0)
    slots[index].since = now
    let spread = Int64(Double(limits.ageNanoseconds) * 0.1 * min(max(jitter, 0), 1))
    slots[index].expires = now + (limits.ageNanoseconds - spread)
  }

  /// Records a failed attempt to connect. `jitter` from 0 to 1 spreads the next attempt.
  mutating func failed(_ id: ConnectionID, now: Moment, jitter: Double) {
    retry.failed(now: now, jitter: jitter)
    slots.removeAll { $0.id == id }
  }

  /// Removes a connection that broke or was closed.
  mutating func lost(_ id: ConnectionID) {
    slots.removeAll { $0.id == id }
  }

  /// Records the end of a query on a shared connection.
  mutating func queryFinished(_ id: ConnectionID, now: Moment) {
    guard let index = index(of: id), case .shared(let inFlight) = slots[index].phase else { return }
    slots[index].phase = .shared(inFlight: max(0, inFlight - 1))
    slots[index].since = now
  }

  /// Records that a client released its connection.
  mutating func leaseEnded(_ id: ConnectionID, now: Moment) {
    guard let index = index(of: id), slots[index].phase == .leased else { return }
    slots[index].phase = .shared(inFlight: 0)
    slots[index].since = now
  }

  /// Pauses a connection while a statement on it is cancelled.
  mutating func paused(_ id: ConnectionID) {
    if let index = index(of: id) { slots[index].isPaused = true }
  }

  /// Resumes a connection after a cancellation.
  mutating func resumed(_ id: ConnectionID) {
    if let index = index(of: id) { slots[index].isPaused = false }
  }
}
