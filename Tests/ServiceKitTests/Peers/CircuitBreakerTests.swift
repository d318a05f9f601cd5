import GRPCProto
import Logging
import RPC
import Testing

@testable import ServiceKit

@Suite("A peer that does not answer is left alone for a while")
struct CircuitBreakerTests {
  private let start = ContinuousClock.now

  private func opened() -> CircuitBreaker {
    var breaker = CircuitBreaker(failuresMaximum: 2, pause: .seconds(1))
    for _ in 0..<3 { breaker.failed(now: start) }
    return breaker
  }

  @Test("opens after failures in a row, not after failures among successes")
  func opening() {
    var breaker = CircuitBreaker(failuresMaximum: 2, pause: .seconds(1))
    for _ in 0..<10 {
      breaker.failed(now: start)
      breaker.failed(now: start)
      breaker.succeeded()
    }
    #expect(!breaker.isOpen)
    for _ in 0..<3 { breaker.failed(now: start) }
    #expect(breaker.isOpen)
    #expect(breaker.admit(now: start) == .seconds(1))
    #expect(breaker.admit(now: start + .milliseconds(400)) == .milliseconds(600))
  }

  @Test("lets one call try after the pause, and closes when it succeeds")
  func recovering() {
    var breaker = opened()
    #expect(breaker.admit(now: start + .seconds(1)) == nil)
    #expect(breaker.admit(now: start + .seconds(1)) != nil)
    breaker.succeeded()
    #expect(breaker.admit(now: start + .seconds(1)) == nil)
    #expect(!breaker.isOpen)
  }

  @Test("pauses again when the try fails, and tries again when it told nothing")
  func trying() {
    var breaker = opened()
    _ = breaker.admit(now: start + .seconds(1))
    breaker.failed(now: start + .seconds(1))
    #expect(breaker.admit(now: start + .milliseconds(1900)) == .milliseconds(100))
    _ = breaker.admit(now: start + .seconds(2))
    breaker.learnedNothing()
    #expect(breaker.admit(now: .now + .seconds(1)) == nil)
  }

  @Test("late failures of calls from before do not prolong the pause")
  func lateFailures() {
    var breaker = opened()
    breaker.failed(now: start + .milliseconds(900))
    #expect(breaker.admit(now: start + .seconds(1)) == nil)
  }

  // MARK: Through a channel

  private let settings = PeerSettings(peer: "loyalty", address: "ipv4:127.0.0.1:1")

  @Test("calls that cannot reach the peer fail at once after a while, and say when to come again")
  func channel() async throws {
    let kit = ServiceResources.forTesting()
    let channel = try kit.channel(to: settings)
    let method = MethodDescriptor(service: "s", name: "m", kind: .unary)
    var refusal: RPCError?
    for _ in 0..<200 where refusal?.info?.reason != "PEER_UNAVAILABLE" {
      do {
        let _: GrpcHealthV1.HealthCheckResponse = try await channel.unary(
          method,
          GrpcHealthV1.HealthCheckRequest(),
          options: CallOptions()
        )
      } catch let error as RPCError {
        refusal = error
      }
    }
    #expect(refusal?.code == .unavailable)
    #expect(refusal?.info?.reason == "PEER_UNAVAILABLE")
    #expect(refusal?.details.contains { if case .retryInfo = $0 { true } else { false } } == true)
    await kit.closeChannels()
  }

  @Test("a peer that is slow holds no more calls than it may")
  func bulkhead() async throws {
    let server = Server(
      configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
      services: [],
      methods: [
        .unary(MethodDescriptor(service: "s", name: "m", kind: .unary)) {
          (_: GrpcHealthV1.HealthCheckRequest, _) in
          try await Task.sleep(for: .seconds(60))
          return GrpcHealthV1.HealthCheckResponse()
        }
      ],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let address = try await server.start()[0]
    let kit = ServiceResources.forTesting()
    let channel = try kit.channel(to: PeerSettings(peer: "slow", address: "\(address)", callsMaximum: 3))
    let codes = await withTaskGroup(of: StatusCode.self) { group in
      for _ in 0..<10 {
        group.addTask {
          do {
            let _: GrpcHealthV1.HealthCheckResponse = try await channel.unary(
              MethodDescriptor(service: "s", name: "m", kind: .unary),
              GrpcHealthV1.HealthCheckRequest(),
              options: CallOptions(timeout: .milliseconds(500))
            )
            return .ok
          } catch {
            return (error as? RPCError)?.code ?? .unknown
          }
        }
      }
      return await group.reduce(into: [StatusCode: Int]()) { $0[$1, default: 0] += 1 }
    }
    #expect(codes == [.deadlineExceeded: 3, .unavailable: 7])
    await kit.closeChannels()
    await server.shutdown(grace: .zero)
  }
}
