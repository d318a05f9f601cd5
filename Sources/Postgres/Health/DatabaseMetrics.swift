import CoreMetrics
import Metrics

/// The series of one database object.
///
/// `postgres_query_duration` (timer, by `outcome`), `postgres_connections` (gauge, by `state`),
/// `postgres_queries_in_flight`, `postgres_waiting` (gauges), `postgres_acquired`, `postgres_connections_opened`,
/// `postgres_connections_lost` (counters). Records request durations at once, the rest at most four times a second.
/// Used by the loop's thread only.
final class DatabaseMetrics {
  private let succeeded: Timer
  private let failed: Timer
  private let connecting: Gauge
  private let idle: Gauge
  private let busy: Gauge
  private let leased: Gauge
  private let inFlight: Gauge
  private let waiting: Gauge
  private let acquired: Counter
  private let opened: Counter
  private let lost: Counter

  private var published = DatabaseStatistics()
  private var publishedAt: Moment?
  private static let interval: Int64 = 250_000_000

  init(factory: any MetricsFactory, dimensions: [(String, String)]) {
    func timer(_ outcome: String) -> Timer {
      Timer(label: "postgres_query_duration", dimensions: dimensions + [("outcome", outcome)], factory: factory)
    }
    func connections(_ state: String) -> Gauge {
      Gauge(label: "postgres_connections", dimensions: dimensions + [("state", state)], factory: factory)
    }
    func gauge(_ label: String) -> Gauge {
      Gauge(label: label, dimensions: dimensions, factory: factory)
    }
    func counter(_ label: String) -> Counter {
      Counter(label: label, dimensions: dimensions, factory: factory)
    }
    succeeded = timer("ok")
    failed = timer("error")
    connecting = connections("connecting")
    idle = connections("idle")
    busy = connections("busy")
    leased = connections("leased")
    inFlight = gauge("postgres_queries_in_flight")
    waiting = gauge("postgres_waiting")
    acquired = counter("postgres_acquired")
    opened = counter("postgres_connections_opened")
    lost = counter("postgres_connections_lost")
  }

  func record(nanoseconds: Int64, isSuccess: Bool) {
    (isSuccess ? succeeded : failed).recordNanoseconds(nanoseconds)
  }

  /// Whether the statistics have changed since they were last published.
  func isStale(_ statistics: DatabaseStatistics) -> Bool {
    statistics != published
  }

  /// Publishes the statistics, or returns the moment to do so when that was just done.
  func publish(_ statistics: DatabaseStatistics, now: Moment) -> Moment? {
    if let publishedAt, now < publishedAt + Self.interval { return publishedAt + Self.interval }
    connecting.record(statistics.connecting)
    idle.record(statistics.idle)
    busy.record(statistics.busy)
    leased.record(statistics.leased)
    inFlight.record(statistics.queriesInFlight)
    waiting.record(statistics.waiting)
    acquired.increment(by: statistics.acquired - published.acquired)
    opened.increment(by: statistics.connectionsOpened - published.connectionsOpened)
    lost.increment(by: statistics.connectionsLost - published.connectionsLost)
    published = statistics
    publishedAt = now
    return nil
  }
}
