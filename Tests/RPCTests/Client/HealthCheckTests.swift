import Basics
import Testing

@testable import RPC

@Suite("What a health service's answers mean for an address")
struct HealthCheckTests {
  private var random = RandomSource { 0 }

  private func check() -> HealthCheck {
    var backoff = BackoffConfiguration.defaults
    backoff.jitter = 0
    return HealthCheck(service: "patron.members.v1.MembersService", peer: "127.0.0.1:1", backoff: backoff)
  }

  private func status(_ bytes: [UInt8]) throws -> ServingStatus { try ServingStatus(response: bytes) }

  @Test("SERVING is healthy, everything else is not", arguments: [0, 1, 2, 3, 77] as [UInt64])
  mutating func statuses(number: UInt64) throws {
    var check = check()
    switch check.received(ServingStatus(rawValue: number)) {
    case .healthy: #expect(number == 1)
    case .unhealthy(let error):
      #expect(number != 1)
      #expect(error.code == .unavailable)
      #expect(error.info?.reason == "UNHEALTHY")
    default: Issue.record("neither healthy nor unhealthy")
    }
  }

  @Test("a server without a health service is healthy")
  mutating func unimplemented() {
    var check = check()
    check.began()
    let action = check.ended(.failure(RPCError(code: .unimplemented)), using: &random)
    guard case .unsupported = action else { return #expect(Bool(false), "\(action)") }
  }

  @Test("a stream that ends without an answer is tried again after growing pauses")
  mutating func backsOff() {
    var check = check()
    var pauses: [Duration] = []
    for _ in 0..<3 {
      check.began()
      if case .retry(let pause, _) = check.ended(.failure(RPCError(code: .unavailable)), using: &random) {
        pauses.append(pause)
      }
    }
    #expect(pauses == [.seconds(1), .milliseconds(1600), .milliseconds(2560)])
  }

  @Test("after an answer a stream starts again at once, and the pauses from the beginning; also when it ended with OK")
  mutating func restartsAtOnce() {
    var check = check()
    check.began()
    _ = check.ended(.failure(RPCError(code: .unavailable)), using: &random)
    check.began()
    _ = check.received(.serving)
    guard case .retry(.zero, let error) = check.ended(.success(trailers: Metadata()), using: &random) else {
      return #expect(Bool(false), "not tried again at once")
    }
    #expect(error.code == .unavailable)
    check.began()
    guard case .retry(.seconds(1), _) = check.ended(.failure(RPCError(code: .internalError)), using: &random) else {
      return #expect(Bool(false), "the pauses do not start from the beginning")
    }
  }

  @Test("the messages are those of grpc.health.v1")
  func messages() throws {
    #expect(HealthRequest.bytes(service: "") == [])
    #expect(HealthRequest.bytes(service: "ab") == [0x0a, 2, 0x61, 0x62])
    #expect(try status([]).rawValue == 0)
    #expect(try status([0x08, 1]) == .serving)
    #expect(try status([0x08, 1, 0x08, 2]).rawValue == 2)
    #expect(try status([0x12, 1, 0x61, 0x08, 1]) == .serving)
    #expect(throws: WireReader.Malformed.self) { try status([0x08]) }
    #expect("\(ServingStatus(rawValue: 3)) \(ServingStatus(rawValue: .max))" == "SERVICE_UNKNOWN \(UInt64.max)")
  }
}
