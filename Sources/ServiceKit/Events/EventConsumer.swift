public import Basics
public import CommonProto
import Foundation
public import Logging
import Messages
public import Postgres
public import RPC

/// Follows another service's event log and applies each event exactly once: the events of one response and the cursor
/// after them are written in one transaction of the consumer's own database.
///
/// Several copies of the service may run: one has its turn at a time (a lease on the cursor's row), and takes it up to
/// the moment it stops or fails. Exactly once does not depend on the lease: a transaction applies a batch only if the
/// stored cursor, whose row it locks, is still the one that the batch follows.
///
/// Of one key, such as a member, events are applied in order. One that cannot be applied, or that is of a kind that this
/// version does not know, is set aside; later ones of its key wait behind it, and those of all other keys go on. What is set
/// aside is tried again by itself, after a wait that doubles, when an instance starts, and when `patron events
/// retry` says so. Trouble that time may cure, such as a lost connection, sets nothing aside: the batch is tried again.
///
/// ```swift
/// let ledger = EventConsumer(source: "loyalty", kit: kit) { cursor in
///   try await loyalty.subscribe(LoyaltyV1.SubscribeRequest(cursor: cursor))
/// } apply: { events, transaction in
///   try await purchases.record(LedgerNews(events), in: transaction)
/// }
/// ```
///
/// Needs the tables `event_cursor` and `event_set_aside` of `service-tables.sql`.
public final class EventConsumer<Response: FollowedEvents>: Sendable {
  /// What is followed.
  public typealias Event = Response.Event
  /// Begins a subscription after a cursor.
  public typealias Subscribe = @Sendable (_ cursor: String) async throws -> ResponseStream<Response>
  /// Applies events in a transaction, in order. It runs again when the transaction fails, and with fewer events when some
  /// cannot be applied, so it must have no other effects. Throws ``UnusableEvent`` if an event makes no sense.
  public typealias Apply = @Sendable (_ events: [Event], _ transaction: Transaction) async throws -> Void

  private let source: String
  private let settings: EventConsumerSettings
  private let logger: Logger
  private let subscribe: Subscribe
  private let cursors: EventCursorStore
  private let applier: EventApplier<Event>
  private let progress: EventConsumerProgress

  /// - Parameters:
  ///   - source: The other service's name: the key of the cursor, and a label of the metrics.
  ///   - database: The consumer's own database.
  ///   - clock: Tells how long events wait, for the metrics.
  ///   - metrics: Where the series `event_consumer_*` go.
  ///   - readiness: What `/readyz` says.
  ///   - subscribe: Calls the other service's `Subscribe`.
  ///   - apply: Applies events.
  public init(
    source: String,
    database: Database,
    settings: EventConsumerSettings = EventConsumerSettings(),
    clock: WallClock = .system,
    metrics: PrometheusRegistry,
    readiness: Readiness,
    logger: Logger,
    subscribe: @escaping Subscribe,
    apply: @escaping Apply
  ) {
    self.source = source
    self.settings = settings
    self.logger = logger
    self.subscribe = subscribe
    cursors = EventCursorStore(database: database, source: source, lease: settings.lease)
    progress = EventConsumerProgress(
      source: source,
      stallMaximum: settings.stallMaximum,
      clock: clock,
      metrics: metrics,
      readiness: readiness
    )
    applier = EventApplier(
      source: source,
      database: database,
      cursors: cursors,
      setAside: SetAsideStore(
        database: database,
        source: source,
        retry: settings.retry
      ),
      progress: progress,
      logger: logger,
      apply: apply
    )
  }

  /// Follows by the means of a service.
  public convenience init(
    source: String,
    kit: ServiceResources,
    subscribe: @escaping Subscribe,
    apply: @escaping Apply
  ) {
    self.init(
      source: source,
      database: kit.database,
      settings: kit.consumerSettings,
      clock: kit.clock,
      metrics: kit.metrics,
      readiness: kit.readiness,
      logger: kit.logger,
      subscribe: subscribe,
      apply: apply
    )
  }
}

extension EventConsumer {
  /// How often is looked for what is due again: a request of one indexed row, unless something is.
  private static var retryInterval: Duration { .seconds(1) }
  /// How often is counted what is set aside.
  private static var countInterval: Duration { .seconds(10) }

  /// What must run beside the service: following, and trying again what is set aside.
  public var jobs: [Job] {
    [
      Job("follow \(source)") { [self] in await follow() },
      Job("retry events of \(source)") { [self] in
        while !Task.isCancelled {
          try await applier.retryDue()
          try await Task.sleep(for: Self.retryInterval)
        }
      },
      Job("count set-aside events of \(source)", every: Self.countInterval) { [self] in
        progress.counted(try await applier.setAside.counts())
      },
    ]
  }

  private func follow() async {
    var isFirstTurn = true
    while !Task.isCancelled {
      do {
        guard let cursor = try await cursors.claim() else {
          progress.rested()
          try await Task.sleep(for: settings.lease / 2)
          continue
        }
        // A newer version may be able to apply what an older one was not.
        if isFirstTurn { try await applier.setAside.makeAllDue() }
        isFirstTurn = false
        try await consume(after: cursor)
      } catch is EventCursorStore.Overtaken {
        logger.debug("another instance applies the events", metadata: ["source": "\(source)"])
      } catch {
        if Task.isCancelled { break }
        let reason = ErrorText.of(error)
        progress.failed(reason)
        logger.warning("following stopped; trying again", metadata: ["source": "\(source)", "error": "\(reason)"])
        // Another instance may have better luck.
        await cursors.release()
      }
      var random = SystemRandomNumberGenerator()
      try? await Task.sleep(for: settings.backoff.wait(after: progress.failuresInARow, using: &random))
    }
    await cursors.release()
  }

  private func consume(after start: String) async throws {
    var cursor = start
    let stream = try await subscribe(cursor)
    let watchdog = progress.watch(settings.silenceMaximum) { stream.cancel() }
    defer { watchdog.cancel() }
    for try await response in stream {
      let events = response.events
      progress.heard(events.first?.recordedAt?.date)
      try await applier.apply(events[...], from: cursor, to: response.cursor)
      cursor = response.cursor
      progress.succeeded(waitingSince: response.hasMore ? events.last?.recordedAt?.date : nil)
    }
  }
}
