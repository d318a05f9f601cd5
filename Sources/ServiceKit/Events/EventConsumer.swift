public import Foundation
public import Logging
public import Messages
import Metrics
public import Postgres
public import RPC
import Synchronization

/// What one response of a subscription means to a consumer.
public struct ConsumedBatch<Event: Sendable>: Sendable {
  /// The events, in order; none in a sign of life.
  public let events: [Event]
  /// Where to subscribe again after applying them.
  public let cursor: String
  /// When the latest of them was recorded, for the lag metric.
  public let latest: Date?

  /// Makes a batch.
  public init(events: [Event], cursor: String, latest: Date? = nil) {
    self.events = events
    self.cursor = cursor
    self.latest = latest
  }
}

/// Follows another service's event log and applies each event exactly once: the events of one response and the cursor
/// after them are written in one transaction of the consumer's own database.
///
/// Several copies of the service may run: one has its turn at a time (a lease on the cursor's row), and takes it up to
/// the moment it stops. Exactly once does not depend on the lease: a transaction applies a batch only if the stored
/// cursor, whose row it locks, is still the one that the batch follows.
///
/// Needs the table `event_cursor` of `service-tables.sql`.
public final class EventConsumer<Response: Message, Event: Sendable>: Sendable {
  /// Begins a subscription after a cursor.
  public typealias Subscribe = @Sendable (_ cursor: String) async throws -> ResponseStream<Response>
  /// Applies events in a transaction. It runs again when the transaction fails, so it must have no other effects.
  public typealias Apply = @Sendable (_ events: [Event], _ transaction: Transaction) async throws -> Void

  private let source: String
  private let cursors: EventCursorStore
  private let settings: EventConsumerSettings
  private let logger: Logger
  private let subscribe: Subscribe
  private let batch: @Sendable (Response) throws -> ConsumedBatch<Event>
  private let apply: Apply
  private let progress: EventConsumerProgress

  /// - Parameters:
  ///   - source: The other service's name: the key of the cursor, and a label of the metrics.
  ///   - database: The consumer's own database.
  ///   - metrics: Where the series `event_consumer_*` go.
  ///   - subscribe: Calls the other service's `Subscribe`.
  ///   - batch: Takes a response apart.
  ///   - apply: Applies events.
  public init(
    source: String,
    database: Database,
    settings: EventConsumerSettings = EventConsumerSettings(),
    metrics: PrometheusRegistry,
    logger: Logger,
    subscribe: @escaping Subscribe,
    batch: @escaping @Sendable (Response) throws -> ConsumedBatch<Event>,
    apply: @escaping Apply
  ) {
    self.source = source
    self.settings = settings
    self.logger = logger
    self.subscribe = subscribe
    self.batch = batch
    self.apply = apply
    cursors = EventCursorStore(database: database, source: source, lease: settings.lease)
    progress = EventConsumerProgress(source: source, metrics: metrics)
  }

  /// The work of following, for the service's jobs.
  public var job: Job {
    Job("follow \(source)") { [self] in await follow() }
  }

  private func follow() async {
    while !Task.isCancelled {
      do {
        guard let cursor = try await cursors.claim() else {
          try await Task.sleep(for: settings.lease / 2)
          continue
        }
        try await consume(after: cursor)
      } catch is EventCursorStore.Overtaken {
        logger.debug("another copy of the service applies the events", metadata: ["source": "\(source)"])
      } catch {
        if Task.isCancelled { break }
        progress.failed()
        logger.warning(
          "following stopped; trying again",
          metadata: ["source": "\(source)", "error": "\(ErrorText.of(error))"]
        )
      }
      try? await Task.sleep(for: pause(after: progress.failuresInARow))
    }
    await cursors.release()
  }

  private func consume(after start: String) async throws {
    var cursor = start
    let stream = try await subscribe(cursor)
    let watchdog = progress.watch(settings.silenceMaximum) { stream.cancel() }
    defer { watchdog.cancel() }
    for try await response in stream {
      progress.heard()
      let batch = try batch(response)
      try await cursors.advance(from: cursor, to: batch.cursor) { transaction in
        if !batch.events.isEmpty { try await apply(batch.events, transaction) }
      }
      cursor = batch.cursor
      progress.applied(batch.events.count, upTo: batch.events.isEmpty ? nil : batch.latest)
    }
  }

  private func pause(after failures: Int) -> Duration {
    let longest = settings.backoffBase * (1 << min(max(0, failures - 1), 16))
    return min(settings.backoffMaximum, longest) * Double.random(in: 0.8...1.2)
  }
}
