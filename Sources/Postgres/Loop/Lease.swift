import DequeModule

/// A client's claim to a connection of its own. Belongs to the loop's thread.
final class Lease: @unchecked Sendable {
  enum Phase {
    /// Nothing has been requested, so no connection is needed.
    case idle
    case waiting
    case granted(Connection)
    case lost(PostgresError)
    case ended
  }

  var phase = Phase.idle
  /// Requests that have not been sent, in order.
  var queue: Deque<Request> = []
  /// Statements to send before the next request: the opening of the transaction, and the controls of requests that were
  /// abandoned before they were sent.
  var controls: [String]

  init(opening: String?) {
    controls = opening.map { [$0] } ?? []
  }

  /// Returns the next request that has not been abandoned. Moves the controls of the abandoned ones before it to
  /// ``controls``.
  func peek() -> Request? {
    while let request = queue.first {
      if !request.isFinished { return request }
      controls += request.controls
      queue.removeFirst()
    }
    return nil
  }

  /// Removes and returns the controls due with the next request.
  func takeControls(for request: Request) -> [String] {
    guard !controls.isEmpty || !request.controls.isEmpty else { return [] }
    defer {
      controls.removeAll()
      request.controls.removeAll()
    }
    return controls + request.controls
  }

  /// Removes and returns every request that has not been abandoned.
  func takeAll() -> [Request] {
    defer { queue.removeAll() }
    return queue.filter { !$0.isFinished }
  }
}

/// A client of the pool.
enum PoolCaller: PoolClient {
  case query(Request)
  case lease(Lease)

  var need: PoolNeed {
    switch self {
    case .query: .query
    case .lease: .lease
    }
  }

  var isWaiting: Bool {
    switch self {
    case .query(let request): request.phase == .waiting
    case .lease(let lease): if case .waiting = lease.phase { true } else { false }
    }
  }
}
