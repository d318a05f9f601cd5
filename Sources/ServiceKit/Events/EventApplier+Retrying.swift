import CommonProto
import Logging
import Messages
import Postgres

extension EventApplier {
  /// Most keys that are looked up at a time.
  private static var keysMaximum: Int { 100 }
  /// Most events that are tried in one transaction.
  private static var eventsMaximum: Int { 200 }

  /// Tries the events that are set aside and due, and those that wait behind them.
  func retryDue() async throws {
    while true {
      let keys = try await setAside.dueKeys(limit: Self.keysMaximum)
      for key in keys { try await retry(key) }
      if keys.count < Self.keysMaximum { return }
    }
  }

  /// Applies a key's events in order until there are none or one cannot be applied.
  ///
  /// As many as can be in one transaction: half of them after a failure, down to the one that cannot be applied.
  private func retry(_ key: String) async throws {
    var size = Self.eventsMaximum
    while true {
      do {
        guard try await retry(key, size) else { return }
        size = min(Self.eventsMaximum, size * 2)
      } catch {
        guard let failure = UnusableEvent(error) else { throw error }
        guard size > 1 else { return try await keep(key, because: failure) }
        size /= 2
      }
    }
  }

  /// - Returns: Whether the key may have further events.
  private func retry(_ key: String, _ size: Int) async throws -> Bool {
    let events = try await database.transaction { transaction in
      let found = try await transaction.pipeline([cursors.locking, setAside.open(key, limit: size)])
      let events = try setAside.events(found[1])
      guard let last = events.last else { return events }
      try await apply(try events.map(message), transaction)
      try await transaction.commit(with: setAside.removing(key, upTo: last.number))
      return events
    }
    progress.applied(events.count)
    for event in events where event.attempts > 0 {
      logger.notice(
        "an event that was set aside has been applied",
        metadata: [
          "source": "\(source)", "event_id": "\(event.eventID)", "key": "\(key)", "attempts": "\(event.attempts + 1)",
        ]
      )
    }
    return events.count == size
  }

  private func message(_ stored: SetAsideStore.Open) throws -> Event {
    let event = try Event(serializedBytes: stored.payload)
    guard event.kind != nil else { throw UnusableEvent.unknownKind }
    return event
  }

  /// Records that a key's first event cannot be applied.
  private func keep(_ key: String, because failure: UnusableEvent) async throws {
    let first: SetAsideStore.Open? = try await database.transaction { transaction in
      let found = try await transaction.pipeline([cursors.locking, setAside.open(key, limit: 1)])
      guard let first = try setAside.events(found[1]).first else { return nil }
      try await transaction.commit(with: [setAside.failed(key, first.number, reason: failure.reason)])
      return first
    }
    guard let first else { return }
    logger.log(
      level: first.attempts == 0 ? .error : .warning,
      "an event cannot be applied; it stays set aside, and later ones of its key wait behind it",
      metadata: [
        "source": "\(source)", "event_id": "\(first.eventID)", "key": "\(key)", "attempts": "\(first.attempts + 1)",
        "error": "\(failure.reason)",
      ]
    )
  }
}
