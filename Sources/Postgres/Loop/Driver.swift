import Basics
import CLibPQ
import Logging
import Synchronization

/// Owns the connections of a database and the thread that serves them: reads requests from the inbox, follows the
/// pool's decisions, moves bytes through libpq, and delivers answers in batches.
///
/// Everything except the inbox and the published statistics belongs to the loop's thread.
final class Driver: @unchecked Sendable {
  let inbox = Inbox()
  let published = Mutex(DatabaseStatistics())

  let configuration: DatabaseConfiguration
  let acquireNanoseconds: Int64
  let parameters: Result<ConnectionParameters, PostgresError>
  let logger: Logger
  let metrics: DatabaseMetrics
  let randomness: @Sendable () -> Double

  var pollSet = PollSet()
  var pool: Pool<PoolCaller>
  var connections: [ConnectionID: Connection] = [:]
  /// Requests by the moment they must be looked at.
  var timers = DeadlineHeap<Moment, Request>()
  var listener: Listener
  var completed: [Request] = []
  var statistics = DatabaseStatistics()
  var now = Moment.now
  var isStarted = false
  var lastConnectFailure: PostgresError?
  var shutDownBy: Moment?
  var shutDownWaiters: [UnsafeContinuation<Void, Never>] = []
  private var messages: [Inbox.Message] = []
  private var publishAt: Moment?

  init(
    configuration: DatabaseConfiguration,
    logger: Logger,
    metrics: DatabaseMetrics,
    randomness: @escaping @Sendable () -> Double
  ) {
    self.configuration = configuration
    self.logger = logger
    self.metrics = metrics
    self.randomness = randomness
    acquireNanoseconds = configuration.pool.acquireTimeout.wholeNanoseconds
    do throws(PostgresError) {
      parameters = .success(try ConnectionParameters(configuration))
    } catch {
      parameters = .failure(error)
    }
    pool = Pool(limits: PoolLimits(configuration.pool))
    listener = Listener(backoff: configuration.pool.backoff)
    listener.driver = self
    pollSet.add(inbox.descriptor, tag: Self.wakeTag)
  }

  static let wakeTag: UInt64 = 0

  /// Runs the loop until a shutdown has ended.
  func run() {
    while !isOver {
      inbox.take(into: &messages, sleeping: true)
      let events = wait(milliseconds: messages.isEmpty ? sleepMilliseconds : 0)
      now = Moment.now
      for event in events { handle(event) }
      for message in messages { handle(message) }
      checkTimers()
      followPool()
      listener.continueConnecting(now: now)
      publish()
      deliverAnswers()
    }
    end()
  }

  private func wait(milliseconds: Int32) -> [PollSet.Event] {
    var events: [PollSet.Event] = []
    pollSet.wait(milliseconds: milliseconds) { events.append($0) }
    return events
  }

  private func handle(_ event: PollSet.Event) {
    guard event.tag != Self.wakeTag else { return inbox.clearWake() }
    let id = ConnectionID(rawValue: Int(Int64(bitPattern: event.tag)))
    connections[id]?.ready(reading: event.isReadable, writing: event.isWritable)
  }

  private func handle(_ message: Inbox.Message) {
    switch message {
    case .submit(let request): submit(request)
    case .cancel(let request): abandon(request, because: PostgresError(.cancelled, "the calling task was cancelled"))
    case .connected(let id, let result): connected(id, result)
    case .cancelRequestEnded(let id): connections[id]?.cancelRequestEnded()
    case .unlisten(let subscription): listener.remove(subscription)
    case .start: isStarted = true
    case .shutDown(let moment, let waiter): shutDown(by: moment, waiter)
    }
  }

  private func checkTimers() {
    while let request = timers.popExpired(now: now) { due(request) }
    for connection in connections.values { connection.check(now: now) }
  }

  /// How long the loop may sleep without a message, -1 for ever.
  private var sleepMilliseconds: Int32 {
    var wake = shutDownBy
    func consider(_ moment: Moment?) {
      if let moment { wake = min(wake ?? moment, moment) }
    }
    consider(timers.earliest)
    consider(publishAt)
    if isStarted { consider(pool.nextWake) }
    consider(listener.nextWake)
    for connection in connections.values { consider(connection.nextCheck) }
    guard let wake else { return -1 }
    // Rounded up, because waking early would only mean sleeping again.
    return Int32(clamping: max(0, (wake - Moment.now + 999_999) / 1_000_000))
  }

  /// Resumes every caller whose answer arrived in this round, after the next queries have been sent.
  private func deliverAnswers() {
    guard !completed.isEmpty else { return }
    for request in completed {
      if let continuation = request.continuation, let result = request.result {
        request.continuation = nil
        continuation.resume(returning: result)
      }
    }
    completed.removeAll(keepingCapacity: true)
  }

  private func publish() {
    pool.count(into: &statistics)
    published.withLock { $0 = statistics }
    guard metrics.isStale(statistics) else {
      publishAt = nil
      return
    }
    publishAt = metrics.publish(statistics, now: now)
  }

  private var isOver: Bool {
    guard let shutDownBy else { return false }
    return pool.isDrained || now >= shutDownBy
  }

  private func end() {
    for connection in Array(connections.values) { connection.fail("the database object has shut down") }
    let failure = PostgresError(.shutDown, "the database object has shut down")
    for caller in pool.takeWaiting() { refuse(caller, because: failure) }
    listener.end(because: failure)
    for message in inbox.close() {
      switch message {
      case .submit(let request): complete(request, .failure(failure))
      case .connected(_, .success(let handle)): PQfinish(handle.pointer)
      case .shutDown(_, let waiter?): shutDownWaiters.append(waiter)
      default: break
      }
    }
    pool.count(into: &statistics)
    published.withLock { $0 = statistics }
    _ = metrics.publish(statistics, now: Moment(nanoseconds: .max))
    deliverAnswers()
    for waiter in shutDownWaiters { waiter.resume() }
    pollSet.close()
  }
}
