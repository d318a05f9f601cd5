import CLibPQ
import DequeModule

/// The code for binary results.
private let binary: Int32 = 1

extension Connection {
  /// Sends a request as one segment: statements to prepare, controls, its statements, its ending, a Sync.
  func send(_ request: Request, controls: [String] = []) {
    request.phase = .sent
    request.connection = self
    closeDiscardedStatements()
    guard !isLost else {
      let error = PostgresError(.connectionLost, "the connection was lost before the statement was sent")
      return owner.ended(request, with: .failure(error), on: self)
    }
    var isSent = true
    for control in controls { isSent = isSent && sendControl(control, .control(request)) }
    switch request.work {
    case .query(let sql):
      isSent = isSent && sendStatement(sql, of: request)
    case .batch(let statements):
      for sql in statements { isSent = isSent && sendStatement(sql, of: request) }
    default:
      break
    }
    switch request.ending {
    case .commit: isSent = isSent && sendControl("COMMIT", .ending(request))
    case .rollback: isSent = isSent && sendControl("ROLLBACK", .ending(request))
    case .none, .release, .discard: break
    }
    isSent = isSent && PQpipelineSync(handle) == 1
    expectations.append(.sync(request))
    if isSent { flush() } else { fail(lastMessage) }
  }

  /// Sends statements without results as a segment of their own. A failure is recorded in `request`.
  func sendControls(_ controls: [String], for request: Request?) {
    var isSent = true
    for control in controls { isSent = isSent && sendControl(control, .control(request)) }
    isSent = isSent && PQpipelineSync(handle) == 1
    expectations.append(.sync(nil))
    if isSent { flush() } else { fail(lastMessage) }
  }

  /// Closes the server's prepared statements that were evicted. Waits while a transaction may have failed, because the
  /// server would refuse it.
  func closeDiscardedStatements() {
    guard !isLost, lease == nil, !statements.discarded.isEmpty else { return }
    sendControls(statements.takeDiscarded().map { "DEALLOCATE \($0)" }, for: nil)
  }

  private func sendControl(_ text: String, _ expectation: Expectation) -> Bool {
    expectations.append(expectation)
    return PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, binary) == 1
  }

  private func sendStatement(_ sql: SQL, of request: Request) -> Bool {
    if let statement = statements.find(sql) { return sendPrepared(statement, sql, request) }
    guard sql.isWorthPreparing else { return sendUnprepared(sql, request) }
    let statement = statements.add(sql)
    expectations.append(.prepare(statement, request))
    let isSent = scratch.fill(sql.parameters) { count in
      PQsendPrepare(handle, statement.name, sql.text, count, scratch.types)
    }
    return isSent == 1 && sendPrepared(statement, sql, request)
  }

  private func sendPrepared(_ statement: StatementCache.Statement, _ sql: SQL, _ request: Request) -> Bool {
    expectations.append(.statement(request, statement))
    let isSent = scratch.fill(sql.parameters) { count in
      PQsendQueryPrepared(handle, statement.name, count, scratch.values, scratch.lengths, scratch.formats, binary)
    }
    return isSent == 1
  }

  private func sendUnprepared(_ sql: SQL, _ request: Request) -> Bool {
    expectations.append(.statement(request, nil))
    let isSent = scratch.fill(sql.parameters) { count in
      PQsendQueryParams(
        handle,
        sql.text,
        count,
        scratch.types,
        scratch.values,
        scratch.lengths,
        scratch.formats,
        binary
      )
    }
    return isSent == 1
  }

  /// Writes what libpq has buffered. The rest is written when the socket is writable again.
  func flush() {
    guard !isLost else { return }
    let remaining = PQflush(handle)
    guard remaining >= 0 else { return fail(lastMessage) }
    if wantsWriting != (remaining == 1) {
      wantsWriting = remaining == 1
      owner.interestChanged(self)
    }
  }
}
