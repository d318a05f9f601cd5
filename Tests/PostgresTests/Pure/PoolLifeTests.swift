import Testing

@testable import Postgres

@Suite("The life of pooled connections")
struct PoolLifeTests {
  @Test("after a failure the next try waits, and only one is made at a time")
  func backoff() {
    var pool = TestPool {
      $0.minimumConnections = 0
      $0.maximumConnections = 4
      $0.backoff.base = .milliseconds(100)
    }
    for client in 0..<4 { pool.query(client) }
    #expect(pool.act() == [.open(1), .open(2), .open(3), .open(4)])
    for id in 1...4 { pool.failed(id, jitter: 1) }
    #expect(pool.act() == [])
    #expect(pool.nextWakeMilliseconds == 800, "the fourth failure in a row: 100 ms doubled three times")
    pool.advance(.milliseconds(800))
    #expect(pool.act() == [.open(5)])
    #expect(pool.opened(5).contains(.send(0, 5)))
  }

  @Test("jitter takes up to half of the wait away")
  func jitter() {
    var pool = TestPool { $0.backoff.base = .milliseconds(100) }
    #expect(pool.act() == [.open(1)])
    pool.failed(1, jitter: 0)
    #expect(pool.act() == [])
    #expect(pool.nextWakeMilliseconds == 50)
  }

  @Test("the wait never grows beyond its maximum")
  func backoffMaximum() {
    var retry = ConnectRetry(BackoffConfiguration())
    for _ in 0..<200 { retry.failed(now: Moment(nanoseconds: 0), jitter: 1) }
    #expect(retry.retryAt == Moment(nanoseconds: 5_000_000_000))
  }

  @Test("a connection made ends the backoff")
  func backoffEnds() {
    var pool = TestPool()
    #expect(pool.act() == [.open(1)])
    pool.failed(1, jitter: 1)
    pool.advance(.seconds(1))
    #expect(pool.act() == [.open(2)])
    _ = pool.opened(2)
    #expect(pool.pool.retry.failures == 0)
  }

  @Test("a connection beyond the minimum is closed after its idle time")
  func idle() {
    var pool = TestPool.ready(2) {
      $0.minimumConnections = 1
      $0.idleTimeout = .seconds(60)
    }
    pool.advance(.seconds(59))
    #expect(pool.act() == [])
    #expect(pool.nextWakeMilliseconds == 1_000)
    pool.advance(.seconds(1))
    #expect(pool.act() == [.close(1)])
  }

  @Test("an old connection is closed as soon as it is idle, and replaced")
  func age() {
    var pool = TestPool.ready(1) {
      $0.minimumConnections = 1
      $0.maximumConnections = 1
      $0.maximumAge = .seconds(100)
      $0.slowQueryThreshold = .seconds(1_000)
    }
    pool.query(10)
    #expect(pool.act() == [.send(10, 1)])
    pool.advance(.seconds(100))
    pool.query(11)
    #expect(pool.act() == [.send(11, 1)])
    pool.query(12)
    #expect(pool.act() == [], "nothing new goes to a connection that is to be closed")
    #expect(pool.finished(1) == [])
    #expect(pool.finished(1) == [.close(1), .open(2)])
  }

  @Test("a shutdown refuses new calls, serves those that wait, then closes everything")
  func shutDown() throws {
    var pool = TestPool.ready(1) { $0.maximumConnections = 1 }
    pool.query(10)
    #expect(pool.act() == [.send(10, 1)])
    pool.advance(.seconds(1))
    pool.query(11)
    pool.pool.shutDown()
    #expect(throws: Pool<TestClient>.Refusal.shuttingDown) { try pool.pool.submit(TestClient(12, .query)) }
    #expect(pool.finished(1) == [.send(11, 1)])
    #expect(!pool.pool.isDrained)
    #expect(pool.finished(1) == [.close(1)])
    #expect(pool.pool.isDrained)
  }

  @Test("a shutdown does not wait for a connection that no call waits for")
  func shutDownWhileConnecting() {
    var pool = TestPool()
    #expect(pool.act() == [.open(1)])
    pool.pool.shutDown()
    #expect(pool.act() == [.close(1)])
    #expect(pool.pool.isDrained)
  }
}
