public import Basics
public import CommonProto
public import CoreMetrics
import Foundation
public import Logging
import Messages
import Metrics
public import Postgres
public import RPC
import Synchronization

/// A service's domain events: written in the transactions that make them true, served in order to whoever subscribes.
///
/// Needs the tables `event` and `event_horizon` of `service-tables.sql`. A subscription that is slow or gone costs its
/// producer nothing: it reads at its own pace, and waits for its peer without holding a connection.
///
/// Order: by transaction, then by number. Nothing is skipped, however late its transaction commits, and nothing comes
/// twice on one stream. A transaction that stays open holds back the events of later ones, on the whole PostgreSQL
/// cluster, until it ends.
public final class EventLog: Sendable {
  private let database: Database
  private let reader: EventReader
  private let settings: EventLogSettings
  private let domain: String
  private let ids: UUIDv7Generator
  private let logger: Logger

  /// Something was committed here, or announced by another instance.
  private let changes = ChangeSignal()
  /// Something was committed here that the other copies do not know of.
  private let unannounced = ChangeSignal()

  private let served: Counter
  private let lastSequence: Gauge
  private let subscribers: Gauge
  private let subscriberCount = Atomic(0)

  /// - Parameters:
  ///   - database: The service's database.
  ///   - settings: Batch size, intervals, retention.
  ///   - domain: The `ErrorInfo.domain` of refusals.
  ///   - ids: Mints the ids of events.
  ///   - metrics: Where the series `event_log_*` go.
  ///   - logger: Hears of jobs that fail.
  public init(
    database: Database,
    settings: EventLogSettings = EventLogSettings(),
    domain: String,
    ids: UUIDv7Generator = UUIDv7Generator(),
    metrics: any MetricsFactory = MetricsSystem.factory,
    logger: Logger
  ) {
    self.database = database
    reader = EventReader(database: database)
    self.settings = settings
    self.domain = domain
    self.ids = ids
    self.logger = logger
    served = Counter(label: "event_log_served", factory: metrics)
    lastSequence = Gauge(label: "event_log_last_sequence", factory: metrics)
    subscribers = Gauge(label: "event_log_subscribers", factory: metrics)
  }

  /// Makes the log of a service.
  ///
  /// - Parameters:
  ///   - kit: The service's database, settings, metrics and ids.
  ///   - domain: The `ErrorInfo.domain` of refusals.
  public convenience init(_ kit: ServiceResources, domain: String) {
    self.init(
      database: kit.database,
      settings: kit.eventLogSettings,
      domain: domain,
      ids: kit.ids,
      metrics: kit.metrics,
      logger: kit.logger
    )
  }
}

extension EventLog {
  /// Writes an event, under a new id, in the transaction that makes it true. Call ``wake()`` once the transaction is
  /// committed, unless ``Idempotency`` does.
  ///
  /// - Parameters:
  ///   - event: What happened and when; its encoding is kept.
  ///   - key: What it is about, such as a member's id.
  ///   - transaction: The transaction.
  public func append<Event: FollowedEvent>(_ event: Event, key: String, in transaction: Transaction) async throws
  where Event.OneOfKind: EventKind {
    guard let kind = event.kind else { preconditionFailure("an event of no kind tells nobody anything") }
    let id = ids.next()
    var event = event
    event.eventID = id.text
    try await append(event, id: id, type: kind.type, key: key, in: transaction)
  }

  /// Writes an event under an id and a kind.
  func append(
    _ event: some Message,
    id: UUID,
    type: String,
    key: String,
    in transaction: Transaction
  ) async throws {
    let payload = try event.serializedBytes()
    try await transaction.execute(
      "INSERT INTO event (event_id, type, key, payload) VALUES (\(id), \(type), \(key), \(payload))"
    )
  }

  /// Tells subscriptions, here and in the other copies of the service, that something was committed. Costs nothing that
  /// a request would notice; without it they find out by themselves after the poll interval.
  public func wake() {
    changes.announce()
    unannounced.announce()
  }
}

extension EventLog {
  /// Serves one subscription until its caller goes away or the service stops.
  ///
  /// - Parameters:
  ///   - start: Where to begin.
  ///   - context: The call.
  ///   - send: Sends a batch and returns when the caller can take another. Called at once with what there is, and
  ///     with an empty batch as a sign of life when nothing happens.
  /// - Throws: `INVALID_ARGUMENT` with `CURSOR_INVALID`, `OUT_OF_RANGE` with `CURSOR_EXPIRED`, `UNAVAILABLE` when the
  ///   service stops; what `send` throws.
  public func serve(
    from start: EventStart,
    context: ServerContext,
    _ send: (EventBatch) async throws -> Void
  ) async throws {
    subscribers.record(subscriberCount.wrappingAdd(1, ordering: .relaxed).newValue)
    defer { subscribers.record(subscriberCount.wrappingSubtract(1, ordering: .relaxed).newValue) }
    let drain = context.drain
    let observer = drain?.onBegin { [changes] in changes.announce() }
    defer { if let observer { drain?.remove(observer) } }

    var position = try await reader.position(of: start, domain: domain)
    var quietSince: ContinuousClock.Instant?
    while true {
      try Task.checkCancellation()
      if drain?.hasBegun == true { throw Drain.ended }
      let seen = changes.generation
      let found = try await reader.read(
        after: position,
        limit: settings.batchSize,
        bytesMaximum: settings.batchBytes.bytes
      )
      position = found.position
      let now = ContinuousClock.now
      let isSignDue = quietSince.map { now - $0 >= settings.heartbeatInterval } ?? true
      if !found.events.isEmpty || isSignDue {
        try await send(EventBatch(events: found.events, cursor: position.cursor, hasMore: found.isFull))
        quietSince = now
        served.increment(by: Int64(found.events.count))
      }
      if !found.isFull { try await rest(since: seen) }
    }
  }

  /// Waits for news; but never less than the gather interval, so that a busy producer is read in batches.
  private func rest(since seen: UInt64) async throws {
    try await Task.sleep(for: settings.gatherInterval)
    await changes.wait(since: seen, atMost: min(settings.pollInterval, settings.heartbeatInterval))
  }

}

extension EventLog {
  /// What must run beside the service: announcing and hearing announcements, and removing old events.
  public var jobs: [Job] {
    let announcing = Job("event log: announce") { [self] in try await announce() }
    let listening = Job("event log: listen") { [self] in try await listen() }
    let measuring = Job("event log: measure", every: .seconds(10)) { [self] in
      if let last = try await reader.lastSequence() { lastSequence.record(last) }
    }
    guard settings.retention > .zero else { return [announcing, listening, measuring] }
    let retention = EventRetention(database: database, keep: settings.retention)
    let removing = Job("event log: remove old events", every: .seconds(60)) { try await retention.removeAll() }
    return [announcing, listening, measuring, removing]
  }

  /// Notifications in the writing transactions would make all commits wait for each other, so they are sent apart, few.
  private func announce() async throws {
    let channel = try await channelName()
    var seen: UInt64 = 0
    while !Task.isCancelled {
      await unannounced.wait(since: seen)
      seen = unannounced.generation
      try await database.notify(channel)
      try await Task.sleep(for: settings.announceInterval)
    }
  }

  private func listen() async throws {
    let notifications = try await database.listen(to: try await channelName())
    for await _ in notifications { changes.announce() }
  }

  /// Services share databases, not schemas.
  private func channelName() async throws -> String {
    let rows = try await database.query("SELECT coalesce(current_schema(), '')::text")
    return "event_" + (try rows[0].decode(column: 0, as: String.self))
  }
}
