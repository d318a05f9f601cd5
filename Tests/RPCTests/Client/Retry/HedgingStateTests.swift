import Testing

@testable import RPC

@Suite("Hedging policy (gRFC A6)")
struct HedgingStateTests {
  private static let delay = Duration.milliseconds(20)

  private func started(_ attempts: Int, of maximum: Int = 3) -> HedgingState {
    var state = HedgingState(
      HedgingPolicy(maxAttempts: maximum, hedgingDelay: Self.delay, nonFatalStatusCodes: [.unavailable])
    )
    for _ in 0..<attempts { _ = state.startedAttempt() }
    return state
  }

  @Test("each attempt but the last is followed by another after the delay")
  func delays() {
    var state = started(0)
    expect(state.startedAttempt(), is: Self.delay)
    expect(state.startedAttempt(), is: Self.delay)
    expect(state.startedAttempt(), is: nil)
    #expect(state.attempts == 3)
  }

  @Test("no more than five attempts are made")
  func maximum() {
    var state = started(4, of: 100)
    expect(state.startedAttempt(), is: nil)
  }

  @Test("a status that is not fatal brings the next attempt at once")
  func nonFatal() {
    var state = started(1)
    expect(state.failed(.unavailable, .none, othersRun: false, throttle: nil), is: .repeatNow)
  }

  @Test("any other status ends the call, whatever else runs")
  func fatal() {
    var state = started(2)
    expect(state.failed(.internalError, .none, othersRun: true, throttle: nil), is: .end)
  }

  @Test("when all attempts are made the last failure ends the call")
  func lastFailure() {
    var state = started(3)
    expect(state.failed(.unavailable, .none, othersRun: true, throttle: nil), is: .wait)
    expect(state.failed(.unavailable, .none, othersRun: false, throttle: nil), is: .end)
  }

  @Test("pushback moves the next attempt")
  func pushback() {
    var state = started(1)
    let decision = state.failed(.unavailable, .after(.seconds(3)), othersRun: true, throttle: nil)
    #expect(decision == .repeatAfter(.seconds(3)))
  }

  @Test("a server that asks for no repetition stops further attempts; those that run go on")
  func stop() {
    var state = started(2)
    expect(state.failed(.unavailable, .stop, othersRun: true, throttle: nil), is: .wait)
    expect(state.isDue(othersRun: true, throttle: nil), is: false)
    expect(state.failed(.unavailable, .none, othersRun: false, throttle: nil), is: .end)
  }

  @Test("while failures are throttled nothing is sent beside a running attempt")
  func throttled() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 2, tokenRatio: 1))
    var state = started(1)
    expect(state.isDue(othersRun: true, throttle: throttle), is: true)
    expect(state.failed(.unavailable, .none, othersRun: true, throttle: throttle), is: .wait)
    expect(state.isDue(othersRun: true, throttle: throttle), is: false)
    throttle.succeeded()
    expect(state.isDue(othersRun: true, throttle: throttle), is: false)
  }

  @Test("fatal statuses are no failures to the throttle unless the server forbids repetition")
  func counted() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 2, tokenRatio: 1))
    var state = started(1)
    _ = state.failed(.internalError, .none, othersRun: false, throttle: throttle)
    #expect(!throttle.isThrottled)
    _ = state.failed(.internalError, .stop, othersRun: false, throttle: throttle)
    #expect(throttle.isThrottled)
  }

  @Test("an attempt that no server handled does not count")
  func notHandled() {
    var state = started(1)
    state.attemptWasNotHandled()
    #expect(state.attempts == 0)
  }

  @Test("an attempt without a connection counts, and ends the hedging of a call that runs")
  func couldNotStart() {
    var alone = started(0, of: 2)
    alone.couldNotStart(othersRun: false)
    expect(alone.failed(.unavailable, .none, othersRun: false, throttle: nil), is: .repeatNow)
    alone.couldNotStart(othersRun: false)
    expect(alone.failed(.unavailable, .none, othersRun: false, throttle: nil), is: .end)
    var beside = started(1)
    beside.couldNotStart(othersRun: true)
    expect(beside.isDue(othersRun: true, throttle: nil), is: false)
  }
}
