import Testing

@testable import Postgres

@Suite("The pool")
struct PoolTests {
  @Test("makes its minimum of connections without being asked")
  func minimum() {
    var pool = TestPool { $0.minimumConnections = 2 }
    #expect(pool.act() == [.open(1), .open(2)])
  }

  @Test("makes one connection for the first query and sends it there")
  func firstQuery() {
    var pool = TestPool()
    pool.query(10)
    #expect(pool.act() == [.open(1)])
    #expect(pool.opened(1) == [.send(10, 1)])
  }

  @Test("prefers an idle connection to a busy one")
  func prefersIdle() {
    var pool = TestPool.ready(2)
    pool.query(10)
    pool.query(11)
    #expect(pool.act() == [.send(10, 1), .send(11, 2)])
  }

  @Test("gives a query to the connection with the fewest on their way when all are busy")
  func leastBusy() {
    var pool = TestPool.ready(2) { $0.maximumConnections = 2 }
    for client in 10..<13 { pool.query(client) }
    #expect(pool.act() == [.send(10, 1), .send(11, 2), .send(12, 1)])
    pool.query(13)
    #expect(pool.act() == [.send(13, 2)])
  }

  @Test("makes another connection rather than sending a query behind another")
  func growth() {
    var pool = TestPool.ready(1) { $0.maximumConnections = 2 }
    for client in 10..<13 { pool.query(client) }
    #expect(pool.act() == [.send(10, 1), .open(2)])
    #expect(pool.opened(2) == [.send(11, 2), .send(12, 1)])
  }

  @Test("takes a connection that becomes idle before the new one is there")
  func idleFirst() {
    var pool = TestPool.ready(1) { $0.maximumConnections = 2 }
    for client in 10..<12 { pool.query(client) }
    #expect(pool.act() == [.send(10, 1), .open(2)])
    #expect(pool.finished(1) == [.send(11, 1)])
  }

  @Test("shares the present connections while no connection can be made")
  func noGrowth() {
    var pool = TestPool.ready(1) { $0.maximumConnections = 2 }
    for client in 10..<12 { pool.query(client) }
    #expect(pool.act() == [.send(10, 1), .open(2)])
    pool.failed(2, jitter: 0)
    #expect(pool.act() == [.send(11, 1)])
  }

  @Test("never makes more connections than its maximum")
  func maximum() {
    var pool = TestPool { $0.maximumConnections = 3 }
    for client in 0..<50 { pool.query(client) }
    #expect(pool.act() == [.open(1), .open(2), .open(3)])
  }

  @Test("bounds the queries on their way on one connection")
  func inFlightBound() {
    var pool = TestPool.ready(1) {
      $0.maximumConnections = 1
      $0.queriesInFlightPerConnection = 2
    }
    for client in 10..<13 { pool.query(client) }
    #expect(pool.act() == [.send(10, 1), .send(11, 1)])
    #expect(pool.finished(1) == [.send(12, 1)])
  }

  @Test("sends nothing behind a statement that has been running for long")
  func slowQuery() {
    var pool = TestPool.ready(2) {
      $0.maximumConnections = 2
      $0.slowQueryThreshold = .milliseconds(5)
    }
    pool.query(10)
    #expect(pool.act() == [.send(10, 1)])
    pool.advance(.milliseconds(6))
    for client in 11..<14 { pool.query(client) }
    #expect(pool.act() == [.send(11, 2), .send(12, 2), .send(13, 2)])
  }

  @Test("holds queries back while every connection runs a slow statement, and sends them when one ends")
  func allSlow() {
    var pool = TestPool.ready(1) { $0.maximumConnections = 1 }
    pool.query(10)
    #expect(pool.act() == [.send(10, 1)])
    pool.advance(.seconds(1))
    pool.query(11)
    #expect(pool.act() == [])
    #expect(pool.finished(1) == [.send(11, 1)])
  }

  @Test("sends nothing on a connection where a statement is being cancelled")
  func paused() {
    var pool = TestPool.ready(1) { $0.maximumConnections = 1 }
    pool.pool.paused(ConnectionID(rawValue: 1))
    pool.query(10)
    #expect(pool.act() == [])
    pool.pool.resumed(ConnectionID(rawValue: 1))
    #expect(pool.act() == [.send(10, 1)])
  }

  @Test("gives a transaction an idle connection for itself")
  func lease() {
    var pool = TestPool.ready(2) { $0.maximumConnections = 2 }
    pool.lease(10)
    #expect(pool.act() == [.lease(10, 1)])
    pool.query(11)
    #expect(pool.act() == [.send(11, 2)])
  }

  @Test("keeps one connection for plain queries when transactions hold the others")
  func leaseLimit() {
    var pool = TestPool.ready(3) { $0.maximumConnections = 3 }
    for client in 10..<13 { pool.lease(client) }
    #expect(pool.act() == [.lease(10, 1), .lease(11, 2)])
    pool.query(20)
    #expect(pool.act() == [.send(20, 3)])
    #expect(pool.leaseEnded(1) == [.lease(12, 1)])
  }

  @Test("reserves a busy connection for a waiting transaction, so that plain queries cannot starve it")
  func reservation() {
    var pool = TestPool.ready(2) { $0.maximumConnections = 2 }
    for client in 10..<13 { pool.query(client) }
    #expect(pool.act() == [.send(10, 1), .send(11, 2), .send(12, 1)])
    pool.lease(20)
    pool.query(13)
    #expect(pool.act() == [.send(13, 1)], "connection 2 is reserved")
    #expect(pool.finished(2) == [.lease(20, 2)])
  }

  @Test("skips calls that gave up")
  func abandoned() {
    var pool = TestPool.ready(1) { $0.maximumConnections = 1 }
    pool.pool.paused(ConnectionID(rawValue: 1))
    pool.query(10)
    pool.query(11)
    pool.giveUp(10)
    #expect(pool.pool.waitingCount == 1)
    pool.pool.resumed(ConnectionID(rawValue: 1))
    #expect(pool.act() == [.send(11, 1)])
  }

  @Test("lets no more calls wait than its limit")
  func waitingLimit() throws {
    var pool = TestPool { $0.waitingLimit = 2 }
    try pool.pool.submit(TestClient(1, .query))
    try pool.pool.submit(TestClient(2, .lease))
    #expect(throws: Pool<TestClient>.Refusal.waitingLimit) { try pool.pool.submit(TestClient(3, .query)) }
  }

  @Test("forgets a lost connection and makes another when it is needed")
  func lost() {
    var pool = TestPool.ready(1) {
      $0.maximumConnections = 1
      $0.minimumConnections = 0
    }
    pool.query(10)
    #expect(pool.act() == [.send(10, 1)])
    pool.pool.lost(ConnectionID(rawValue: 1))
    #expect(pool.act() == [])
    pool.query(11)
    #expect(pool.act() == [.open(2)])
  }
}
