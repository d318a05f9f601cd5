import CommonProto
import Logging
import Postgres

/// Applies events exactly once, each key's in order, and sets aside those that cannot be applied.
struct EventApplier<Event: FollowedEvent>: Sendable {
  /// Applies events in a transaction.
  typealias Apply = @Sendable (_ events: [Event], _ transaction: Transaction) async throws -> Void

  let source: String
  let database: Database
  let cursors: EventCursorStore
  let setAside: SetAsideStore
  let progress: EventConsumerProgress
  let logger: Logger
  let apply: Apply

  /// Applies events and moves the cursor, in one transaction. If they cannot be applied together each half is applied by
  /// itself, and so on, down to the event that cannot be applied.
  ///
  /// - Throws: ``EventCursorStore/Overtaken`` when the cursor is not `cursor` any more; what may pass when tried again.
  func apply(_ events: ArraySlice<Event>, from cursor: String, to next: String) async throws {
    do {
      try await advance(events, from: cursor, to: next)
    } catch {
      guard let failure = UnusableEvent(error), !events.isEmpty else { throw error }
      guard events.count > 1 else {
        return try await advance(events, from: cursor, to: next, failure: failure)
      }
      let middle = events.startIndex + events.count / 2
      let reached = events[middle - 1].cursor
      try await apply(events[..<middle], from: cursor, to: reached)
      try await apply(events[middle...], from: reached, to: next)
    }
  }

  /// - Parameter failure: Why the events cannot be applied; nil to apply them.
  private func advance(
    _ events: ArraySlice<Event>,
    from cursor: String,
    to next: String,
    failure: UnusableEvent? = nil
  ) async throws {
    let keys = Array(Set(events.map(\.key)))
    let sorted = try await database.transaction { transaction in
      // The second statement sees what was committed while the first one waited for the lock.
      let found = try await transaction.pipeline([cursors.locking, setAside.blocked(among: keys)])
      try cursors.check(found[0], is: cursor)
      let blocked = try found[1].map { try $0.decode(column: 0, as: String.self) }
      let sorted = try SortedEvents(events, blocked: Set(blocked), failure: failure)
      if !sorted.free.isEmpty { try await apply(sorted.free, transaction) }
      try await transaction.commit(with: [setAside.adding(sorted.aside), cursors.moving(to: next)].compactMap(\.self))
      return sorted
    }
    progress.applied(sorted.free.count)
    progress.setAside(sorted.aside)
    for event in sorted.aside {
      guard let reason = event.reason else { continue }
      logger.error(
        "an event cannot be applied; it is set aside, and later ones of its key wait behind it",
        metadata: [
          "source": "\(source)", "event_id": "\(event.eventID)", "key": "\(event.key)", "cursor": "\(event.cursor)",
          "error": "\(reason)",
        ]
      )
    }
  }
}
