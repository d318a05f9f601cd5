import DequeModule

/// A client's claim to a connection of its own. Belongs to the loop's thread.
final class Lease: @unchecked Sendable {
  enum Phase {
    /// Nothing has been asked yet, so no connection is needed.
    case idle
    case waiting
    case granted(Connection)
    case lost(PostgresError)
    case ended
  }

  var phase = Phase.idle
  /// Requests that were not sent yet, in order.
  var queue: Deque<Request> = []
  /// What goes ahead of the next request: the opening of the transaction, and controls of requests that gave up
  /// before they were sent.
  var controls: [String]

  init(opening: String?) {
    controls = opening.map { [$0] } ?? []
  }

  /// The next request that still wants an answer. The controls of those that gave up before it are due with it.
  func peek() -> Request? {
    while let request = queue.first {
      if !request.isFinished { return request }
      controls += request.controls
      queue.removeFirst()
    }
    return nil
  }

  /// The controls due with the next request, each of them only once.
  func takeControls(for request: Request) -> [String] {
    guard !controls.isEmpty || !request.controls.isEmpty else { return [] }
    defer {
      controls.removeAll()
      request.controls.removeAll()
    }
    return controls + request.controls
  }

  /// Takes out every request that still wants an answer.
  func takeAll() -> [Request] {
    defer { queue.removeAll() }
    return queue.filter { !$0.isFinished }
  }
}

/// What the pool hands connections to.
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
