import Basics
import Testing

@testable import RPC

@Suite("Retry policy (gRFC A6)")
struct RetryStateTests {
  private var policy = RetryPolicy(
    maxAttempts: 5,
    initialBackoff: .milliseconds(100),
    maxBackoff: .milliseconds(300),
    backoffMultiplier: 2,
    retryableStatusCodes: [.unavailable, .aborted]
  )
  /// Chooses the longest pause.
  private var longest = RandomSource { .max }

  /// Returns the pauses in milliseconds, rounded up, nil for the end.
  private mutating func failures(_ pushbacks: [Pushback]) -> [Int?] {
    var state = RetryState(policy)
    return pushbacks.map { pushback in
      let decision = state.failed(.unavailable, pushback, throttle: nil, using: &longest)
      guard case .repeatAfter(let pause) = decision else { return nil }
      return Int((pause / .milliseconds(1)).rounded(.up))
    }
  }

  @Test("the longest pause grows by the multiplier up to its maximum")
  mutating func grows() {
    #expect(failures([.none, .none, .none, .none]) == [100, 200, 300, 300])
  }

  @Test("the pause is chosen evenly from zero to the longest", arguments: [(UInt64(0), 0), (1 << 63, 50), (.max, 100)])
  func jitter(_ random: UInt64, _ milliseconds: Int) {
    var generator = RandomSource { random }
    var state = RetryState(policy)
    let decision = state.failed(.aborted, .none, throttle: nil, using: &generator)
    guard case .repeatAfter(let pause) = decision else {
      Issue.record("the call ended")
      return
    }
    #expect(Int((pause / .milliseconds(1)).rounded()) == milliseconds)
  }

  @Test("a first pause above the maximum is the maximum, and no multiplier leads beyond it")
  mutating func limits() {
    policy.initialBackoff = .seconds(10)
    policy.backoffMultiplier = 1e300
    #expect(failures([.none, .none, .none]) == [300, 300, 300])
  }

  @Test("attempts are counted, the first included, and never more than five", arguments: [(2, 1), (5, 4), (100, 4)])
  mutating func attempts(_ maximum: Int, _ repetitions: Int) {
    policy.maxAttempts = maximum
    #expect(failures([Pushback](repeating: .none, count: 6)).count { $0 != nil } == repetitions)
  }

  @Test("a status that is not named ends the call")
  mutating func otherStatus() {
    var state = RetryState(policy)
    expect(state.failed(.internalError, .none, throttle: nil, using: &longest), is: .end)
    expect(state.failed(.internalError, .after(.zero), throttle: nil, using: &longest), is: .end)
  }

  @Test("a server's pushback replaces the pause, and the pauses after it begin anew")
  mutating func pushback() {
    #expect(failures([.none, .after(.milliseconds(7)), .none, .none]) == [100, 7, 100, 200])
  }

  @Test("pushback does not lead beyond the last attempt")
  mutating func pushbackAtTheEnd() {
    policy.maxAttempts = 2
    #expect(failures([.after(.zero), .after(.zero)]) == [0, nil])
  }

  @Test("a server that asks for no repetition gets none")
  mutating func stop() {
    #expect(failures([.stop]) == [nil])
  }

  @Test("the number of earlier attempts is sent")
  mutating func previousAttempts() {
    var state = RetryState(policy)
    #expect(state.previousAttempts == 0)
    _ = state.failed(.unavailable, .none, throttle: nil, using: &longest)
    #expect(state.previousAttempts == 1)
  }

  @Test("the throttle counts what the policy would repeat and what the server forbids, and nothing else")
  mutating func throttle() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 6, tokenRatio: 1))
    var state = RetryState(policy)
    _ = state.failed(.invalidArgument, .none, throttle: throttle, using: &longest)
    _ = state.failed(.invalidArgument, .stop, throttle: throttle, using: &longest)
    _ = state.failed(.unavailable, .none, throttle: throttle, using: &longest)
    #expect(!throttle.isThrottled, "four of six are left")
    expect(state.failed(.unavailable, .none, throttle: throttle, using: &longest), is: .end)
    #expect(throttle.isThrottled)
  }
}
