import SeededRandomness
import Testing

@testable import Postgres

@Suite("The pool under random histories")
struct PoolModelTests {
  @Test("keeps every limit and serves every call exactly once", arguments: 0..<40)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var pool = TestPool {
      $0.minimumConnections = Int.random(in: 0...1, using: &random)
      $0.maximumConnections = Int.random(in: 1...5, using: &random)
      $0.queriesInFlightPerConnection = Int.random(in: 1...4, using: &random)
      $0.idleTimeout = .seconds(5)
      $0.maximumAge = .seconds(30)
    }
    var model = Model(limits: pool.pool.limits)
    for step in 0..<2_000 {
      model.event(&pool, &random)
      for action in pool.act() { model.follow(action) }
      model.checkNobodyWaitsInVain(pool)
      #expect(model.violation == nil, "seed \(seed), step \(step)")
      if model.violation != nil { return }
    }
    model.finishEverything(&pool)
    #expect(model.unserved.isEmpty, "seed \(seed)")
  }

  /// The guarantees of the pool, implemented in the obvious way.
  private struct Model {
    let limits: PoolLimits
    var connecting: Set<Int> = []
    var inFlight: [Int: Int] = [:]
    var leased: Set<Int> = []
    var unserved: Set<Int> = []
    var lastClient = 0
    var violation: String?

    init(limits: PoolLimits) {
      self.limits = limits
    }

    mutating func event(_ pool: inout TestPool, _ random: inout SeededRandom) {
      pool.advance(.milliseconds(Int.random(in: 0...400, using: &random)))
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: enter(&pool, .query)
      case 3: enter(&pool, .lease)
      case 4: if let id = connecting.min() { open(id, &pool) }
      case 5:
        if let id = connecting.min() {
          connecting.remove(id)
          pool.failed(id, jitter: Double.random(in: 0...1, using: &random))
        }
      case 6: if let id = leased.min() { endLease(id, &pool) }
      case 7:
        if let id = inFlight.keys.sorted().randomElement(using: &random) {
          inFlight[id] = nil
          leased.remove(id)
          pool.pool.lost(ConnectionID(rawValue: id))
        }
      default:
        if let id = inFlight.keys.sorted().first(where: { inFlight[$0] ?? 0 > 0 }) { finish(id, &pool) }
      }
    }

    mutating func follow(_ action: TestAction) {
      switch action {
      case .open(let id):
        connecting.insert(id)
      case .close(let id):
        if leased.contains(id) || inFlight[id] ?? 0 > 0 { violation = "closed \(id) while it is used" }
        connecting.remove(id)
        inFlight[id] = nil
      case .send(let client, let id):
        serve(client)
        guard let count = inFlight[id], !leased.contains(id) else { return violate("sent on \(id)") }
        inFlight[id] = count + 1
        if count + 1 > limits.queriesInFlight { violation = "\(count + 1) queries on \(id)" }
      case .lease(let client, let id):
        serve(client)
        if inFlight[id] != 0 || !leased.insert(id).inserted { violation = "leased \(id) while it is used" }
        if leased.count > limits.maximumLeases { violation = "\(leased.count) leases" }
      }
      if connecting.count + inFlight.count > limits.maximumConnections { violation = "too many connections" }
    }

    /// Checks that no query waits while a connection is idle.
    mutating func checkNobodyWaitsInVain(_ pool: TestPool) {
      guard !pool.pool.queries.isEmpty else { return }
      for (id, count) in inFlight where count == 0 && !leased.contains(id) {
        violation = "a query waits while \(id) is idle"
      }
    }

    mutating func finishEverything(_ pool: inout TestPool) {
      for _ in 0..<20_000 where !unserved.isEmpty {
        pool.advance(.seconds(1))
        for id in connecting.sorted() { open(id, &pool) }
        for id in leased.sorted() { endLease(id, &pool) }
        for id in inFlight.keys.sorted() where inFlight[id] ?? 0 > 0 { finish(id, &pool) }
        for action in pool.act() { follow(action) }
      }
    }

    private mutating func enter(_ pool: inout TestPool, _ need: PoolNeed) {
      lastClient += 1
      unserved.insert(lastClient)
      try? pool.pool.submit(TestClient(lastClient, need))
    }

    private mutating func open(_ id: Int, _ pool: inout TestPool) {
      connecting.remove(id)
      inFlight[id] = 0
      pool.pool.opened(ConnectionID(rawValue: id), now: pool.now, jitter: 0)
    }

    private mutating func endLease(_ id: Int, _ pool: inout TestPool) {
      leased.remove(id)
      pool.pool.leaseEnded(ConnectionID(rawValue: id), now: pool.now)
    }

    private mutating func finish(_ id: Int, _ pool: inout TestPool) {
      inFlight[id]? -= 1
      pool.pool.queryFinished(ConnectionID(rawValue: id), now: pool.now)
    }

    private mutating func serve(_ client: Int) {
      if unserved.remove(client) == nil { violation = "served \(client) twice" }
    }

    private mutating func violate(_ text: String) {
      violation = text
    }
  }
}
