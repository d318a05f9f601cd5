import CLibPQ
import DequeModule

extension Connection {
  /// Handles a socket that is readable, writable or broken.
  func ready(reading: Bool, writing: Bool) {
    if writing {
      flush()
      if !wantsWriting, conversation != nil { takeResults() }
    }
    guard reading, !isLost else { return }
    var isAlive = PQconsumeInput(handle) == 1
    // A TLS record can be larger than libpq's buffer. Its rest is in the TLS library, where polling does not see it.
    if isAlive, PQsslInUse(handle) == 1 { isAlive = PQconsumeInput(handle) == 1 }
    takeResults()
    takeNotifications()
    if !isLost, !isAlive || PQstatus(handle) == CONNECTION_BAD { fail(lastMessage) }
  }

  /// Reads every complete result.
  func takeResults() {
    while !isLost {
      if conversation != nil {
        guard continueConversation() else { return }
      } else {
        guard !expectations.isEmpty, PQisBusy(handle) == 0, takeResult() else { return }
      }
    }
  }

  /// Reads one result of a pipeline. Returns false when there is none.
  private func takeResult() -> Bool {
    guard let result = PQgetResult(handle) else {
      // A nil ends the results of one statement. An extra one means that libpq and this connection count differently.
      guard hasFrontResult else {
        fail(PQstatus(handle) == CONNECTION_BAD ? lastMessage : "libpq's results are out of step")
        return false
      }
      hasFrontResult = false
      if case .sync = expectations.first { return true }
      expectations.removeFirst()
      return true
    }
    guard let expectation = expectations.first else {
      PQclear(result)
      return false
    }
    if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
      PQclear(result)
      hasFrontResult = false
      return segmentEnded(expectation)
    }
    hasFrontResult = true
    return take(result, for: expectation)
  }

  private func take(_ result: OpaquePointer, for expectation: Expectation) -> Bool {
    let status = PQresultStatus(result)
    switch status {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      succeeded(ResultStorage(result), expectation)
      return true
    case PGRES_PIPELINE_ABORTED:
      PQclear(result)
      if case .prepare(let statement, _) = expectation { statements.remove(statement, isKnownToServer: false) }
      return true
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      PQclear(result)
      fail("COPY was sent as a query; use copyIn or copyOut")
      return false
    default:
      let error = ServerError(result)
      PQclear(result)
      // libpq makes an error without a code when the connection breaks.
      guard let error else {
        fail(lastMessage)
        return false
      }
      failed(error, expectation)
      return !isLost
    }
  }

  private func succeeded(_ storage: ResultStorage, _ expectation: Expectation) {
    switch expectation {
    case .statement(let request, _):
      if request.rows == nil { request.rows = Rows(storage) } else { request.moreRows.append(Rows(storage)) }
    case .ending(let request):
      let tag = request.ending == .commit ? "COMMIT" : "ROLLBACK"
      request.hasEndingSucceeded = storage.hasCommandTag(tag)
    case .prepare, .control, .sync:
      break
    }
  }

  private func failed(_ error: ServerError, _ expectation: Expectation) {
    switch expectation {
    case .prepare(let statement, _):
      statements.remove(statement, isKnownToServer: false)
    case .statement(_, let statement?) where error.isStaleStatement:
      statements.remove(statement, isKnownToServer: error.sqlState != .invalidStatementName)
    default:
      break
    }
    guard let request = expectation.request else { return }
    if request.refusal == nil || error.isFatal { request.refusal = .server(error) }
  }

  /// Ends a segment, whose effects are now permanent.
  private func segmentEnded(_ expectation: Expectation) -> Bool {
    guard case .sync(let request) = expectation else {
      fail("libpq's results are out of step")
      return false
    }
    expectations.removeFirst()
    guard let request else {
      pump()
      return true
    }
    if request.isFinished { abandoned -= 1 }
    headChanged()
    if shouldRetry(request) {
      request.resetForRetry()
      send(request)
    } else {
      owner.ended(request, with: outcome(of: request), on: self)
    }
    pump()
    return !isLost
  }

  /// Whether to run a statement again: one outside a transaction that failed, without effect, only because its plan
  /// became stale or because a cancel request for another statement hit it.
  private func shouldRetry(_ request: Request) -> Bool {
    guard !request.isFinished, request.lease == nil, request.attempts < 2, let error = request.refusal?.server else {
      return false
    }
    return error.isStaleStatement || (request.isExposedToCancel && error.sqlState == .queryCanceled)
  }

  private func outcome(of request: Request) -> Result<Reply, PostgresError> {
    if let refusal = request.refusal { return .failure(refusal) }
    if request.ending == .commit, !request.hasEndingSucceeded {
      return .failure(
        PostgresError(.transactionAborted, "an earlier statement had failed, so PostgreSQL rolled the transaction back")
      )
    }
    return .success(request.reply)
  }

  private func takeNotifications() {
    while !isLost, let notify = PQnotifies(handle) {
      defer { PQfreemem(notify) }
      let notification = Notification(
        channel: String(cString: notify.pointee.relname),
        payload: notify.pointee.extra.map { String(cString: $0) } ?? "",
        processID: notify.pointee.be_pid
      )
      owner.notified(notification, on: self)
    }
  }
}

extension ServerError {
  /// Copies an error result. Nil when it did not come from the server.
  init?(_ result: OpaquePointer) {
    func field(_ field: patron_pg_diagnostic) -> String? {
      patron_pg_error_field(result, field).map { String(cString: $0) }
    }
    guard let code = field(PATRON_PG_SQLSTATE) else { return nil }
    self.init(
      sqlState: SQLState(rawValue: code),
      severity: field(PATRON_PG_SEVERITY) ?? "ERROR",
      message: field(PATRON_PG_MESSAGE) ?? ""
    )
    detail = field(PATRON_PG_DETAIL)
    hint = field(PATRON_PG_HINT)
    position = field(PATRON_PG_POSITION).flatMap { Int($0) }
    context = field(PATRON_PG_CONTEXT)
    schema = field(PATRON_PG_SCHEMA)
    table = field(PATRON_PG_TABLE)
    column = field(PATRON_PG_COLUMN)
    constraint = field(PATRON_PG_CONSTRAINT)
    routine = field(PATRON_PG_ROUTINE)
  }
}
