import Basics

/// Moves requests through their states: waiting, sent, answered or abandoned.
extension Driver {
  func submit(_ request: Request) {
    isStarted = true
    if request.isCancelledEarly {
      return complete(request, .failure(PostgresError(.cancelled, "the calling task was cancelled")))
    }
    request.phase = .waiting
    arm(request)
    if case .listen(let subscription) = request.work {
      listener.add(subscription, request)
    } else if let lease = request.lease {
      submit(request, to: lease)
    } else {
      enterPool(.query(request), for: request)
    }
  }

  private func submit(_ request: Request, to lease: Lease) {
    switch lease.phase {
    case .lost(let error):
      complete(request, request.endsQuietly ? .success(.nothing) : .failure(error))
    case .ended:
      complete(request, request.endsQuietly ? .success(.nothing) : .failure(.invalidUse("the transaction is over")))
    case .granted(let connection):
      if request.isPartOfCopy { return connection.converse(request) }
      lease.queue.append(request)
      connection.pump()
    case .idle where request.endsQuietly:
      lease.phase = .ended
      complete(request, .success(.nothing))
    case .waiting where request.endsQuietly:
      lease.phase = .ended
      pool.abandonWaiting(.lease)
      for queued in lease.takeAll() { complete(queued, .failure(.invalidUse("the transaction is over"))) }
      complete(request, .success(.nothing))
    case .waiting:
      lease.queue.append(request)
    case .idle:
      lease.queue.append(request)
      lease.phase = .waiting
      enterPool(.lease(lease), for: request)
    }
  }

  private func enterPool(_ caller: PoolCaller, for request: Request) {
    do {
      try pool.submit(caller)
    } catch {
      let failure =
        switch error {
        case .shuttingDown: PostgresError(.shutDown, "the database object is shutting down")
        case .waitingLimit:
          PostgresError(
            .poolExhausted,
            "\(pool.limits.waitingLimit) calls wait for a connection already; raise waitingLimit or maximumConnections"
          )
        }
      refuse(caller, because: failure)
    }
  }

  /// Fails a caller that the pool refused.
  func refuse(_ caller: PoolCaller, because error: PostgresError) {
    switch caller {
    case .query(let request):
      complete(request, .failure(error))
    case .lease(let lease):
      lease.phase = .lost(error)
      for request in lease.takeAll() { complete(request, .failure(error)) }
    }
  }

  /// Stores the answer, which the caller receives at the end of the round.
  func complete(_ request: Request, _ result: Result<Reply, PostgresError>) {
    guard !request.isFinished else { return }
    request.phase = .finished
    request.connection = nil
    request.result = result
    timers.remove(request)
    if let observer = request.observer {
      request.observer = nil
      observer(result)
    } else {
      completed.append(request)
      record(request, result)
    }
  }

  private func record(_ request: Request, _ result: Result<Reply, PostgresError>) {
    let isSuccess = if case .success = result { true } else { false }
    statistics.requests += 1
    if !isSuccess { statistics.failures += 1 }
    metrics.record(nanoseconds: now - request.submitted, isSuccess: isSuccess)
  }

  /// Abandons a request, whose answer is no longer needed.
  func abandon(_ request: Request, because error: PostgresError) {
    switch request.phase {
    case .finished:
      return
    case .created:
      request.isCancelledEarly = true
    case .waiting:
      leaveQueue(request, because: error)
    case .sent:
      guard request.ending == .none else {
        // A commit is not cancelled. Its connection is closed, and its outcome is unknown.
        request.connection?.fail("PostgreSQL did not end the transaction before the deadline")
        return
      }
      var failure = error
      failure.mayHaveTakenEffect = request.isOutcomeInDoubt
      let connection = request.connection
      complete(request, .failure(failure))
      connection?.abandon(request, now: now)
    }
  }

  private func leaveQueue(_ request: Request, because error: PostgresError) {
    if case .listen(let subscription) = request.work {
      complete(request, .failure(error))
      return listener.remove(subscription)
    }
    guard let lease = request.lease else {
      complete(request, .failure(error))
      return pool.abandonWaiting(.query)
    }
    complete(request, .failure(error))
    guard request.ending != .none else { return }
    // The end of the transaction cannot be omitted.
    if case .granted(let connection) = lease.phase {
      connection.fail("PostgreSQL did not come to the end of the transaction before the deadline")
    } else {
      if case .waiting = lease.phase {
        lease.phase = .ended
        pool.abandonWaiting(.lease)
      }
      for queued in lease.takeAll() { complete(queued, .failure(error)) }
    }
  }

  private func arm(_ request: Request) {
    guard request.isTimed else { return }
    timers.insert(request, at: min(request.deadline, request.submitted + acquireNanoseconds))
  }

  /// Handles a due timer: the request has waited too long for a connection, or altogether.
  func due(_ request: Request) {
    if request.deadline <= now {
      abandon(request, because: PostgresError(.deadlineExceeded, "PostgreSQL did not answer before the deadline"))
      if !request.isFinished { timers.insert(request, at: now + 1_000_000) }
    } else if isWaitingForConnection(request) {
      leaveQueue(request, because: noConnection(for: request))
    } else {
      timers.insert(request, at: request.deadline)
    }
  }

  private func isWaitingForConnection(_ request: Request) -> Bool {
    guard request.phase == .waiting else { return false }
    if case .listen = request.work { return true }
    guard let lease = request.lease else { return true }
    if case .waiting = lease.phase { return true }
    return false
  }

  private func noConnection(for request: Request) -> PostgresError {
    let failures = if case .listen = request.work { listener.failures } else { pool.retry.failures }
    if let lastConnectFailure, failures > 0 { return lastConnectFailure }
    return PostgresError(
      .poolExhausted,
      "no connection came free within acquireTimeout (\(configuration.pool.acquireTimeout)); raise maximumConnections, "
        + "or find what holds the connections"
    )
  }
}

extension Request {
  /// Whether it has a deadline.
  var isTimed: Bool { deadline.nanoseconds != .max }

  /// Whether it succeeds without a connection: releasing what is not held.
  fileprivate var endsQuietly: Bool {
    switch ending {
    case .rollback, .release, .discard: true
    case .none, .commit: false
    }
  }
}
