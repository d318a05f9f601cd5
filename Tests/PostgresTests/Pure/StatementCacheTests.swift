import Testing

@testable import Postgres

@Suite("Prepared statements of a connection")
struct StatementCacheTests {
  @Test("the least recently used makes room, and the server is to forget it")
  func leastRecentlyUsed() {
    var cache = StatementCache(capacity: 2)
    let first = cache.add("SELECT 1")
    _ = cache.add("SELECT 2")
    #expect(cache.find("SELECT 1") === first)
    _ = cache.add("SELECT 3")
    #expect(cache.find("SELECT 2") == nil)
    #expect(cache.find("SELECT 1") === first)
    #expect(cache.takeDiscarded() == ["p2"])
    #expect(cache.count == 2)
  }

  @Test("the same text with parameters of other types is another statement")
  func types() {
    var cache = StatementCache(capacity: 10)
    let wide = cache.add("SELECT \(Int64(1))")
    #expect(cache.find("SELECT \(Int32(1))") == nil)
    let narrow = cache.add("SELECT \(Int32(1))")
    #expect(cache.find("SELECT \(Int64(5))") === wide)
    #expect(cache.find("SELECT \(Int32(5))") === narrow)
  }

  @Test("a statement that was never prepared is forgotten without telling the server")
  func neverPrepared() {
    var cache = StatementCache(capacity: 2)
    cache.remove(cache.add("SELECT nonsense"), isKnownToServer: false)
    #expect(cache.find("SELECT nonsense") == nil)
    #expect(cache.takeDiscarded().isEmpty)
  }
}
