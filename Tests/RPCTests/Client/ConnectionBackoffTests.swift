import Basics
import Testing

@testable import RPC

@Suite("Connection backoff")
struct ConnectionBackoffTests {
  private func pauses(_ count: Int, jitter: Double, random: UInt64 = 0) -> [Duration] {
    var configuration = BackoffConfiguration.defaults
    configuration.jitter = jitter
    var backoff = Backoff(configuration)
    var generator = RandomSource { random }
    return (0..<count).map { _ in backoff.failed(using: &generator) }
  }

  @Test("starts at one second and grows 1.6 times up to two minutes")
  func grows() {
    let pauses = pauses(14, jitter: 0)
    #expect(pauses[0] == .seconds(1))
    #expect(pauses[1] == .milliseconds(1600))
    #expect(pauses[2] == .milliseconds(2560))
    #expect(pauses[11] == .seconds(120))
    #expect(pauses[13] == .seconds(120))
  }

  @Test("jitter takes away or adds at most a fifth")
  func jitter() {
    #expect(abs(pauses(1, jitter: 0.2, random: 0)[0] / .seconds(1) - 0.8) < 0.001)
    #expect(abs(pauses(1, jitter: 0.2, random: .max)[0] / .seconds(1) - 1.2) < 0.001)
  }

  @Test("starts again after a success")
  func resets() {
    var configuration = BackoffConfiguration.defaults
    configuration.jitter = 0
    var backoff = Backoff(configuration)
    var generator = RandomSource { 0 }
    _ = backoff.failed(using: &generator)
    _ = backoff.failed(using: &generator)
    backoff.succeeded()
    #expect(backoff.failed(using: &generator) == .seconds(1))
  }
}
