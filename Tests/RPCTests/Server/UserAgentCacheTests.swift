import Testing

@testable import RPC

@Suite("The user agent of a connection's calls")
struct UserAgentCacheTests {
  @Test("Each call gets the user agent that it came with, the same as before or another")
  func values() {
    var cache = UserAgentCache()
    for value in ["grpc-python/1.85", "grpc-python/1.85", "", "h2load", "grpc-python/1.85"] {
      let metadata = Array(value.utf8).withUnsafeBytes { cache.metadata($0) }
      #expect(metadata == ["user-agent": .string(value)])
    }
  }
}
