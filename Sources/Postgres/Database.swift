import Basics
public import CoreMetrics
public import Logging
import Metrics
import Synchronization

/// A PostgreSQL database, accessed through a pool of connections that all calls share.
///
/// Plain queries of many calls share connections (libpq's pipeline mode), each in its own implicit transaction, so a
/// failure affects only its query. A transaction has a connection for itself. No thread of Swift's pool is blocked: one
/// thread of the database moves the bytes, and callers are resumed in batches.
///
/// Connections are opened on demand, or by ``start()``. They are closed when the object is released;
/// ``shutdown(grace:)`` lets running calls finish first.
public final class Database: Sendable {
  let driver: Driver
  let queryNanoseconds: Int64

  /// The settings of the database.
  public var configuration: DatabaseConfiguration { driver.configuration }

  /// - Parameters:
  ///   - configuration: The server's address, and every limit.
  ///   - logger: Receives failed and lost connections, never statements or values.
  ///   - metrics: Receives the series: `postgres_query_duration` by `outcome`, `postgres_connections` by `state`,
  ///     `postgres_queries_in_flight`, `postgres_waiting`, `postgres_acquired`, `postgres_connections_opened`,
  ///     `postgres_connections_lost`.
  ///   - metricDimensions: Dimensions of every series, such as a name when there are several databases.
  ///   - randomness: Returns numbers from 0 to 1, which spread reconnection and ageing.
  public init(
    configuration: DatabaseConfiguration,
    logger: Logger = Logger(label: "postgres"),
    metrics: any MetricsFactory = MetricsSystem.factory,
    metricDimensions: [(String, String)] = [],
    randomness: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
  ) {
    let driver = Driver(
      configuration: configuration,
      logger: logger,
      metrics: DatabaseMetrics(factory: metrics, dimensions: metricDimensions),
      randomness: randomness
    )
    self.driver = driver
    queryNanoseconds = configuration.queryTimeout.wholeNanoseconds
    let hasThread = BackgroundThread.start("postgres") { driver.run() }
    precondition(hasThread, "the system has no thread to give")
  }

  deinit {
    driver.inbox.post(.shutDown(by: Moment(nanoseconds: 0), nil))
  }

  /// Opens the pool's minimum of connections instead of waiting for the first call.
  public func start() {
    driver.inbox.post(.start)
  }

  /// Starts, and returns after the calling task was cancelled and everything is closed.
  public func run() async {
    start()
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
      for await _ in stream {}
    } onCancel: {
      continuation.finish()
    }
    await shutdown()
  }

  /// Refuses new calls, lets running ones finish, and closes every connection. Calls that have not finished after
  /// `grace` fail.
  public func shutdown(grace: Duration = .seconds(10)) async {
    let moment = Moment.now + max(0, grace.wholeNanoseconds)
    await withUnsafeContinuation { continuation in
      if !driver.inbox.post(.shutDown(by: moment, continuation)) { continuation.resume() }
    }
  }

  /// The current state and the totals.
  public var statistics: DatabaseStatistics {
    driver.published.withLock { $0 }
  }

  /// Checks that the server answers `SELECT 1`.
  public func health(timeout: Duration = .seconds(2)) async -> DatabaseHealth {
    let start = ContinuousClock.now
    do throws(PostgresError) {
      _ = try await query("SELECT 1", deadline: start + timeout)
      return .healthy(roundTrip: ContinuousClock.now - start)
    } catch {
      return .unhealthy(error)
    }
  }
}
