import CLibPQ
import Logging

/// Opens and closes connections, and reports their events to the pool.
extension Driver {
  /// Executes every pending action of the pool.
  func followPool() {
    guard isStarted else { return }
    while let action = pool.nextAction(now: now) {
      switch action {
      case .open(let id): open(id)
      case .close(let id): closeIdle(id)
      case .send(.query(let request), let id): send(request, id)
      case .lease(.lease(let lease), let id): grant(lease, id)
      case .send(.lease, _), .lease(.query, _): preconditionFailure("the pool mixed up what callers need")
      }
    }
  }

  private func send(_ request: Request, _ id: ConnectionID) {
    statistics.acquired += 1
    guard let connection = connections[id] else { return pool.lost(id) }
    connection.send(request)
  }

  private func grant(_ lease: Lease, _ id: ConnectionID) {
    statistics.acquired += 1
    guard let connection = connections[id] else { return pool.lost(id) }
    lease.phase = .granted(connection)
    connection.lease = lease
    connection.pump()
  }

  /// Connects on a thread of its own, which reports to ``connected(_:_:)``.
  func open(_ id: ConnectionID) {
    let inbox = self.inbox
    let parameters = self.parameters
    let isStarted = BackgroundThread.start("postgres-connect") {
      let result = parameters.flatMap { Connector.connect($0) }
      guard !inbox.post(.connected(id, result)), case .success(let handle) = result else { return }
      PQfinish(handle.pointer)
    }
    guard !isStarted else { return }
    inbox.post(.connected(id, .failure(PostgresError(.connectionFailed, "the system has no thread to give"))))
  }

  func connected(_ id: ConnectionID, _ result: Result<ConnectionHandle, PostgresError>) {
    if listener.awaits(id) { return listener.connected(id, result, now: now) }
    switch result {
    case .success(let handle):
      guard pool.index(of: id) != nil else { return PQfinish(handle.pointer) }
      _ = adopt(handle, id)
      lastConnectFailure = nil
      pool.opened(id, now: now, jitter: randomness())
    case .failure(let error):
      lastConnectFailure = error
      pool.failed(id, now: now, jitter: randomness())
      logger.warning("cannot connect to PostgreSQL", metadata: ["reason": "\(error.reason)"])
      let isHopeless = error.kind == .invalidUse || (error.sqlState?.refusesConnections ?? false)
      if isHopeless, connections.isEmpty {
        for caller in pool.takeWaiting() { refuse(caller, because: error) }
      }
    }
  }

  /// Adds a new connection.
  func adopt(_ handle: ConnectionHandle, _ id: ConnectionID) -> Connection {
    let connection = Connection(
      id: id,
      handle: handle,
      owner: self,
      preparedStatements: configuration.preparedStatements,
      cancellation: configuration.cancellation
    )
    connections[id] = connection
    statistics.connectionsOpened += 1
    pollSet.add(connection.descriptor, tag: connection.tag)
    return connection
  }

  private func closeIdle(_ id: ConnectionID) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    pollSet.remove(connection.descriptor)
    connection.close()
  }

  func shutDown(by moment: Moment, _ waiter: UnsafeContinuation<Void, Never>?) {
    isStarted = true
    pool.shutDown()
    shutDownBy = min(shutDownBy ?? moment, moment)
    if let waiter { shutDownWaiters.append(waiter) }
  }
}

extension Driver: ConnectionOwner {
  func ended(_ request: Request, with result: Result<Reply, PostgresError>, on connection: Connection) {
    complete(request, result)
    guard let lease = request.lease else { return pool.queryFinished(connection.id, now: now) }
    guard request.ending != .none, connection.lease === lease else { return }
    switch request.ending {
    case .none: break
    case .discard: endLease(lease, on: connection, keeping: false)
    case .release: endLease(lease, on: connection, keeping: connection.isIdleInServer)
    case .commit:
      // A commit whose statements failed leaves the transaction open for the rollback that follows.
      if connection.isIdleInServer { endLease(lease, on: connection, keeping: true) }
    case .rollback: endLease(lease, on: connection, keeping: connection.isIdleInServer)
    }
  }

  private func endLease(_ lease: Lease, on connection: Connection, keeping isKept: Bool) {
    lease.phase = .ended
    connection.lease = nil
    for request in lease.takeAll() { complete(request, .failure(.invalidUse("the transaction is over"))) }
    if isKept {
      pool.leaseEnded(connection.id, now: now)
      connection.closeDiscardedStatements()
    } else {
      pool.lost(connection.id)
      closeIdle(connection.id)
    }
  }

  func lost(_ connection: Connection, because error: PostgresError) {
    pollSet.remove(connection.descriptor)
    connections[connection.id] = nil
    pool.lost(connection.id)
    statistics.connectionsLost += 1
    if shutDownBy == nil {
      logger.warning("a connection to PostgreSQL was lost", metadata: ["reason": "\(error.reason)"])
    }
    listener.lost(connection, now: now)
  }

  func interestChanged(_ connection: Connection) {
    pollSet.change(
      connection.descriptor,
      tag: connection.tag,
      reading: connection.wantsReading,
      writing: connection.wantsWriting
    )
  }

  func pauseChanged(_ connection: Connection) {
    if connection.isPaused { pool.paused(connection.id) } else { pool.resumed(connection.id) }
  }

  func send(_ cancel: CancelHandle, for connection: Connection) {
    let inbox = self.inbox
    let id = connection.id
    let isStarted = BackgroundThread.start("postgres-cancel") {
      cancel.sendAndFree()
      inbox.post(.cancelRequestEnded(id))
    }
    guard !isStarted else { return }
    PQfreeCancel(cancel.pointer)
    inbox.post(.cancelRequestEnded(id))
  }

  func notified(_ notification: Notification, on connection: Connection) {
    listener.deliver(notification)
  }
}

extension Connection {
  /// The poll set's tag of the connection.
  var tag: UInt64 { UInt64(bitPattern: Int64(id.rawValue)) }
}
