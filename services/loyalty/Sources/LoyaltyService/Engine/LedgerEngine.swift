import CoreMetrics
import Foundation
import Logging
import Postgres
import ServiceKit

/// Does requests to the ledger in batches: whatever arrived while the last batch was being written is the next one.
///
/// There is no timer. A request that comes alone is a batch of its own and waits for nothing; under load one round trip
/// and one commit serve hundreds. The 64 lanes are shared out among the workers, so a member's requests keep their order.
struct LedgerEngine: Sendable {
  private let workers: [LedgerWorker]
  /// A connection for reading accounts in batches, planned as those that write.
  let readingDatabase: Database

  /// - Parameters:
  ///   - database: Where the ledger is; each worker gets a connection of its own to it.
  ///   - announce: Called when a batch with events has been committed.
  init(
    database: Database,
    settings: LedgerEngineSettings,
    calendar: ProgrammeCalendar,
    clock: WallClock,
    metrics: any MetricsFactory,
    logger: Logger,
    announce: @escaping @Sendable () -> Void
  ) {
    readingDatabase = .forBatches(like: database, name: "read", metrics: metrics, logger: logger)
    workers = (0..<settings.connections).map { number in
      LedgerWorker(
        store: LedgerStore(database: .forBatches(like: database, name: "\(number)", metrics: metrics, logger: logger)),
        settings: settings,
        calendar: calendar,
        clock: clock,
        metrics: LedgerMetrics(factory: metrics),
        announce: announce
      )
    }
  }

  /// Does what a request asks, and returns once that is durable.
  ///
  /// - Throws: what ``Books`` refuses with, ``LedgerOverload``, or what the database fails with; then nothing was done,
  ///   or it is not known, and the same request may be sent again.
  func submit(_ request: LedgerRequest) async throws -> LedgerAnswer {
    try await withUnsafeThrowingContinuation { continuation in
      enqueue(request) { continuation.resume(with: $0) }
    }
  }

  /// Puts a request in line at once, and returns where its answer will be. A member's requests keep the order in which this
  /// was called.
  func enqueue(_ request: LedgerRequest) -> PendingAnswer {
    let pending = PendingAnswer()
    enqueue(request) { pending.set($0) }
    return pending
  }

  /// Puts a request in line at once; once it is done and durable, or refused, its answer is given.
  func enqueue(_ request: LedgerRequest, _ answer: @escaping @Sendable (Result<LedgerAnswer, any Error>) -> Void) {
    worker(of: request).enqueue(request, answer)
  }

  private func worker(of request: LedgerRequest) -> LedgerWorker {
    workers[Int(Lane(member: request.member).number) % workers.count]
  }

  /// How many requests wait for their batch.
  var waiting: Int { workers.reduce(0) { $0 + $1.waiting } }

  /// What must run beside the service.
  var jobs: [Job] {
    workers.map { worker in Job("ledger: batches") { await worker.run() } }
  }
}

extension Database {
  /// One connection whose plans do not depend on what the tables held when they were made: a plan for an empty table
  /// would read a full one from end to end.
  fileprivate static func forBatches(
    like database: Database,
    name: String,
    metrics: any MetricsFactory,
    logger: Logger
  ) -> Database {
    var configuration = database.configuration
    configuration.pool.minimumConnections = 1
    configuration.pool.maximumConnections = 1
    configuration.session.settings.merge([
      "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off",
      "enable_mergejoin": "off", "jit": "off",
    ]) { $1 }
    return Database(
      configuration: configuration,
      logger: logger,
      metrics: metrics,
      metricDimensions: [("pool", "ledger-\(name)")]
    )
  }
}
