import Basics

@testable import Postgres

/// A client of a pool without a database.
final class TestClient: PoolClient {
  let number: Int
  let need: PoolNeed
  var isWaiting = true

  init(_ number: Int, _ need: PoolNeed) {
    self.number = number
    self.need = need
  }
}

/// An action with plain numbers, for comparison.
enum TestAction: Equatable {
  case open(Int)
  case send(Int, Int)
  case lease(Int, Int)
  case close(Int)
}

/// A pool with a clock that the test sets.
struct TestPool {
  var pool: Pool<TestClient>
  var now = Moment(nanoseconds: 0)
  private var clients: [Int: TestClient] = [:]

  init(_ change: (inout PoolConfiguration) -> Void = { _ in }) {
    var configuration = PoolConfiguration()
    change(&configuration)
    pool = Pool(limits: PoolLimits(configuration))
  }

  /// Makes a pool with `count` idle connections, numbered from 1.
  static func ready(_ count: Int, _ change: (inout PoolConfiguration) -> Void = { _ in }) -> TestPool {
    var pool = TestPool {
      $0.minimumConnections = count
      $0.maximumConnections = count
      change(&$0)
    }
    for _ in 0..<count {
      let id = pool.pool.makeSlot(now: pool.now)
      pool.pool.opened(id, now: pool.now, jitter: 0)
    }
    return pool
  }

  mutating func query(_ number: Int) {
    enter(TestClient(number, .query))
  }

  mutating func lease(_ number: Int) {
    enter(TestClient(number, .lease))
  }

  mutating func giveUp(_ number: Int) {
    guard let client = clients[number] else { return }
    client.isWaiting = false
    pool.abandonWaiting(client.need)
  }

  mutating func opened(_ id: Int) -> [TestAction] {
    pool.opened(ConnectionID(rawValue: id), now: now, jitter: 0)
    return act()
  }

  mutating func failed(_ id: Int, jitter: Double) {
    pool.failed(ConnectionID(rawValue: id), now: now, jitter: jitter)
  }

  mutating func finished(_ id: Int) -> [TestAction] {
    pool.queryFinished(ConnectionID(rawValue: id), now: now)
    return act()
  }

  mutating func leaseEnded(_ id: Int) -> [TestAction] {
    pool.leaseEnded(ConnectionID(rawValue: id), now: now)
    return act()
  }

  mutating func advance(_ duration: Duration) {
    now = now + duration.wholeNanoseconds
  }

  var nextWakeMilliseconds: Int64? {
    pool.nextWake.map { ($0 - now) / 1_000_000 }
  }

  /// Executes every pending action.
  mutating func act() -> [TestAction] {
    var actions: [TestAction] = []
    while let action = pool.nextAction(now: now) {
      switch action {
      case .open(let id): actions.append(.open(id.rawValue))
      case .close(let id): actions.append(.close(id.rawValue))
      case .send(let client, let id): actions.append(.send(take(client), id.rawValue))
      case .lease(let client, let id): actions.append(.lease(take(client), id.rawValue))
      }
    }
    return actions
  }

  private mutating func enter(_ client: TestClient) {
    clients[client.number] = client
    try? pool.submit(client)
  }

  private func take(_ client: TestClient) -> Int {
    client.isWaiting = false
    return client.number
  }
}
