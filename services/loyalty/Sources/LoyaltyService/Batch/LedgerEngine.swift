import Basics
import CoreMetrics
import Foundation
import Logging
import Postgres
import ServiceKit
import Synchronization

/// Does requests to the ledger in batches: whatever arrived while the last batch was being written is the next one.
///
/// There is no timer. A request that comes alone is a batch of its own and waits for nothing; under load one round trip
/// and one commit serve hundreds. ``BatchQueue`` decides which writer takes what.
final class LedgerEngine: Sendable {
  private struct State: Sendable {
    var queue: BatchQueue<WaitingRequest>
    /// Who waits until all is done.
    var drained: UnsafeContinuation<Void, Never>?
  }

  /// Encodes what a batch did of orders, answers and events. The ledger does not know in which form they are stored.
  typealias Encoding = @Sendable (BookChanges) throws -> EncodedChanges

  /// A connection for reading accounts in batches, planned as those that write.
  let readingDatabase: Database
  let metrics: LedgerMetrics
  private let writers: [LedgerWriter]
  private let settings: LedgerEngineSettings
  private let logger: Logger
  private let state: Mutex<State>

  /// - Parameters:
  ///   - database: Where the ledger is; each writer gets a connection of its own to it.
  ///   - encode: Called with what each batch did, before it is written.
  ///   - announce: Called when a batch with events has been committed.
  init(
    database: Database,
    settings: LedgerEngineSettings,
    calendar: ProgrammeCalendar,
    suspension: SuspensionRule = SuspensionRule(),
    clock: WallClock,
    encode: @escaping Encoding,
    metrics: any MetricsFactory,
    logger: Logger,
    announce: @escaping @Sendable () -> Void
  ) {
    let ledgerMetrics = LedgerMetrics(factory: metrics)
    self.metrics = ledgerMetrics
    self.settings = settings
    self.logger = logger
    readingDatabase = .forBatches(like: database, name: "read", metrics: metrics, logger: logger)
    writers = (0..<settings.connections).map { number in
      LedgerWriter(
        store: LedgerStore(database: .forBatches(like: database, name: "\(number)", metrics: metrics, logger: logger)),
        calendar: calendar,
        suspension: suspension,
        clock: clock,
        encode: encode,
        metrics: ledgerMetrics,
        logger: logger,
        announce: announce
      )
    }
    let queue = BatchQueue<WaitingRequest>(
      writers: settings.connections,
      laneMaximum: settings.laneQueueMaximum,
      batchMaximum: settings.batchMaximum
    )
    state = Mutex(State(queue: queue))
  }

  /// Does what a request asks, and returns once that is durable.
  ///
  /// - Parameter caller: Who waits for the answer. If nobody does any more when its turn comes, it is not done.
  /// - Throws: what ``Books`` refuses with, ``LedgerOverload``, or ``LedgerFailure``.
  func submit(_ request: LedgerRequest, for caller: (any LedgerCaller)? = nil) async throws -> LedgerAnswer {
    try await withUnsafeThrowingContinuation { continuation in
      enqueue(request, for: caller) { continuation.resume(with: $0) }
    }
  }

  /// Queues a request at once, and returns its pending answer. A member's requests are done in the order in which this was
  /// called.
  func enqueue(_ request: LedgerRequest, for caller: (any LedgerCaller)? = nil) -> PendingAnswer {
    let pending = PendingAnswer()
    enqueue(request, for: caller) { pending.set($0) }
    return pending
  }

  /// Queues a request at once.
  ///
  /// - Parameter answer: Called once, when the request is done and durable, or has failed.
  func enqueue(
    _ request: LedgerRequest,
    for caller: (any LedgerCaller)? = nil,
    _ answer: @escaping @Sendable (Result<LedgerAnswer, any Error>) -> Void
  ) {
    let waiting = WaitingRequest(request, for: caller, answer)
    switch state.withLock({ $0.queue.append(waiting, to: Lane(member: request.member)) }) {
    case .added(let writer): if let writer { start(writer) }
    case .laneIsFull: refuse(waiting, .laneIsFull(limit: settings.laneQueueMaximum))
    case .closed: answer(.failure(LedgerFailure.closed))
    }
  }

  /// How many requests wait for their batch.
  var waiting: Int { state.withLock { $0.queue.count } }

  private func refuse(_ waiting: WaitingRequest, _ cause: LedgerOverload.Cause) {
    metrics.refused.increment()
    waiting.answer(.failure(LedgerOverload(cause: cause, retryAfter: settings.retryAfter)))
  }
}

// MARK: - Working

extension LedgerEngine {
  /// What must run beside the service.
  var jobs: [Job] { [Job("ledger: batches") { await self.run() }] }

  /// Lets batches be written until the task is cancelled. Then refuses new requests, waits until those in the queue are
  /// done, and closes the connections. If that takes longer than `drainGrace`, the connections are closed at once, and what
  /// is left fails.
  func run() async {
    if let writer = state.withLock({ $0.queue.open() }) { start(writer) }
    let (endless, end) = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
      for await _ in endless {}
    } onCancel: {
      end.finish()
    }
    state.withLock { $0.queue.close() }
    // A task of its own is not cancelled.
    await Task { await self.finish() }.value
  }

  private func finish() async {
    let cutOff = Task {
      try await Task.sleep(for: settings.drainGrace)
      logger.warning("requests to the ledger were given up", metadata: ["requests": "\(waiting)"])
      await shutDown()
    }
    await withUnsafeContinuation { continuation in
      let isDrained = state.withLock { state in
        if state.queue.isDrained { return true }
        state.drained = continuation
        return false
      }
      if isDrained { continuation.resume() }
    }
    cutOff.cancel()
    await shutDown()
  }

  private func shutDown() async {
    for writer in writers { await writer.store.database.shutdown(grace: .zero) }
    await readingDatabase.shutdown(grace: .zero)
  }

  /// Starts a writer, which writes batches until its next turn is nil. Not in the caller's task, which may be cancelled.
  private func start(_ writer: Int) {
    Task.detached {
      while let turn = self.nextTurn(of: writer) {
        for other in turn.starting { self.start(other) }
        for waiting in turn.unwanted { self.drop(waiting) }
        if !turn.batch.isEmpty { await self.writers[writer].write(turn.batch) }
      }
    }
  }

  private func nextTurn(of writer: Int) -> BatchQueue<WaitingRequest>.Turn? {
    let now = ContinuousClock.now
    let oldest = now - settings.waitMaximum
    let (turn, drained) = state.withLock { state in
      let turn = state.queue.take(writer) { $0.since < oldest || $0.isAbandoned(at: now) }
      guard turn == nil, state.queue.isDrained else { return (turn, nil as UnsafeContinuation<Void, Never>?) }
      defer { state.drained = nil }
      return (nil, state.drained)
    }
    drained?.resume()
    return turn
  }

  /// Fails a request that nobody waits for any more, or that has waited too long.
  private func drop(_ waiting: WaitingRequest) {
    if waiting.isAbandoned(at: .now) {
      metrics.abandoned.increment()
      waiting.answer(.failure(LedgerFailure.abandoned))
    } else {
      refuse(waiting, .waitedTooLong(limit: settings.waitMaximum))
    }
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
