import CLibPQ
import DequeModule

/// Receives the events of a connection.
protocol ConnectionOwner: AnyObject {
  /// A request has its answer, and the connection is free for the next.
  func ended(_ request: Request, with result: Result<Reply, PostgresError>, on connection: Connection)
  /// The connection is lost. Every request on it has been answered.
  func lost(_ connection: Connection, because error: PostgresError)
  /// The poll interest in reading or writing changed.
  func interestChanged(_ connection: Connection)
  /// A cancel request must be sent from another thread, which then calls ``Connection/cancelRequestEnded()``.
  func send(_ cancel: CancelHandle, for connection: Connection)
  /// A cancellation began or ended. No statement may be sent in between.
  func pauseChanged(_ connection: Connection)
  /// A notification arrived.
  func notified(_ notification: Notification, on connection: Connection)
}

/// A connection to PostgreSQL, in pipeline mode except during a script or a COPY. Belongs to the loop's thread.
final class Connection {
  /// The owner of libpq's next results, in the order sent.
  enum Expectation {
    case prepare(StatementCache.Statement, Request?)
    case control(Request?)
    case statement(Request, StatementCache.Statement?)
    case ending(Request)
    /// The end of a segment. Only now an implicit transaction is certainly committed.
    case sync(Request?)

    var request: Request? {
      switch self {
      case .prepare(_, let request), .control(let request), .sync(let request): request
      case .statement(let request, _), .ending(let request): request
      }
    }
  }

  let id: ConnectionID
  let handle: OpaquePointer
  let descriptor: Int32
  unowned let owner: any ConnectionOwner
  let cancellation: CancellationConfiguration

  var expectations: Deque<Expectation> = []
  /// Whether the first expectation has had a result, so that libpq's next nil ends it.
  var hasFrontResult = false
  var statements: StatementCache
  let scratch = ParameterScratch()
  var lease: Lease?
  var conversation: PlainConversation?

  var wantsWriting = false
  var wantsReading = true
  var isLost = false

  /// How many requests in flight were abandoned.
  var abandoned = 0
  var cancelState = CancelState.none

  init(
    id: ConnectionID,
    handle: ConnectionHandle,
    owner: any ConnectionOwner,
    preparedStatements: Int,
    cancellation: CancellationConfiguration
  ) {
    self.id = id
    self.handle = handle.pointer
    self.owner = owner
    self.cancellation = cancellation
    descriptor = PQsocket(handle.pointer)
    statements = StatementCache(capacity: preparedStatements)
  }

  /// Whether nothing is in flight.
  var isQuiet: Bool { expectations.isEmpty && conversation == nil }

  /// Whether the server is between transactions.
  var isIdleInServer: Bool { PQtransactionStatus(handle) == PQTRANS_IDLE }

  /// Whether the server is inside a transaction that has not failed.
  var isInTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INTRANS }

  /// libpq's message about the loss of the connection. Omits statements' errors, which can contain values.
  var lastMessage: String {
    let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    let beginnings = ["FATAL:", "PANIC:", "SSL ", "could not ", "server closed ", "connection "]
    let line = message.split(separator: "\n").first { line in beginnings.contains { line.hasPrefix($0) } }
    return line.map(String.init) ?? "the connection was lost"
  }

  /// Closes the connection properly.
  func close() {
    guard !isLost else { return }
    isLost = true
    PQfinish(handle)
  }

  /// Closes a broken or untrusted connection and answers everything on it.
  func fail(_ reason: String) {
    guard !isLost else { return }
    isLost = true
    var requests: [Request] = []
    for case .sync(let request?) in expectations { requests.append(request) }
    expectations.removeAll()
    if let conversation {
      requests += conversation.participants
      self.conversation = nil
    }
    let error = PostgresError(.connectionLost, reason)
    for request in requests { owner.ended(request, with: outcome(of: request, lostBy: error), on: self) }
    if let lease {
      lease.phase = .lost(error)
      for request in lease.takeAll() { owner.ended(request, with: .failure(error), on: self) }
      self.lease = nil
    }
    owner.lost(self, because: error)
    PQfinish(handle)
  }

  private func outcome(of request: Request, lostBy error: PostgresError) -> Result<Reply, PostgresError> {
    if let refusal = request.refusal, !refusal.isFatal { return .failure(refusal) }
    if request.hasEndingSucceeded { return .success(request.reply) }
    var failure = error
    failure.server = request.refusal?.server
    if request.isOutcomeInDoubt {
      failure.kind = .outcomeUnknown
      failure.mayHaveTakenEffect = true
    }
    return .failure(failure)
  }
}

extension Request {
  /// The answer assembled from the results.
  var reply: Reply {
    switch work {
    case .query: if let rows { .rows(rows) } else { .nothing }
    case .batch: .batch((rows.map { [$0] } ?? []) + moreRows)
    default: .nothing
    }
  }
}

/// A libpq connection that moves between threads. One thread uses it at a time.
struct ConnectionHandle: @unchecked Sendable {
  let pointer: OpaquePointer
}

/// What libpq needs to send a cancel request, independent of the connection.
struct CancelHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Asks the server to cancel what the connection runs. Opens a connection of its own and blocks until the server has
  /// forwarded the request.
  func sendAndFree() {
    var reason = [CChar](repeating: 0, count: 256)
    _ = PQcancel(pointer, &reason, Int32(reason.count))
    PQfreeCancel(pointer)
  }
}
