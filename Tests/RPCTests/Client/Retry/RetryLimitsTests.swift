import Testing

@testable import RPC

@Suite("What bounds repetitions (gRFC A6)")
struct RetryLimitsTests {
  @Test("nothing is repeated while at most half of the tokens are left")
  func threshold() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 4, tokenRatio: 0.5))
    expect(throttle.failed(), is: true)
    expect(throttle.failed(), is: false)
    #expect(throttle.isThrottled)
    throttle.succeeded()
    #expect(!throttle.isThrottled)
  }

  @Test("tokens stay between zero and their maximum")
  func range() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 2, tokenRatio: 1))
    for _ in 0..<10 { throttle.succeeded() }
    expect(throttle.failed(), is: false)
    for _ in 0..<10 { _ = throttle.failed() }
    throttle.succeeded()
    #expect(throttle.isThrottled, "one of two")
    throttle.succeeded()
    #expect(!throttle.isThrottled)
  }

  @Test(
    "three decimal places of the ratio count",
    arguments: [(0.57, 570), (0.1, 100), (0.0019, 1), (0.0009, 0), (1.5, 1500), (1e300, 1_000_000)]
  )
  func ratio(_ ratio: Double, _ thousandths: Int) {
    #expect(RetryThrottle.thousandths(ratio) == thousandths)
  }

  @Test("a thousand successes of a thousandth make one token")
  func precision() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 2, tokenRatio: 0.001))
    _ = throttle.failed()
    throttle.succeeded()
    #expect(!throttle.isThrottled)
    _ = throttle.failed()
    for _ in 0..<999 { throttle.succeeded() }
    #expect(throttle.isThrottled, "exactly half")
    throttle.succeeded()
    #expect(!throttle.isThrottled)
  }

  @Test("requests are stored up to the channel's budget and released when no longer needed")
  func replayBudget() {
    let budget = ReplayBudget(bytesMaximum: 100)
    var first = RequestLog(message: [UInt8](repeating: 0, count: 60))
    var second = RequestLog()
    expect(first.reserve(from: budget), is: true)
    second.append(.init(frames: [[UInt8](repeating: 0, count: 30)], isFinished: false))
    expect(second.reserve(from: budget), is: true)
    expect(second.reserve(from: budget), is: true)
    #expect(budget.reservedBytes == 90)
    second.append(.init(frames: [[UInt8](repeating: 0, count: 11)], isFinished: false))
    expect(second.reserve(from: budget), is: false)
    #expect(budget.reservedBytes == 90)
    expect(second.discard(), is: 30)
    expect(second.discard(), is: 0)
    expect(first.discard(), is: 60)
    budget.release(90)
    #expect(budget.reservedBytes == 0)
  }

  @Test(
    "pushback is a number of milliseconds; an invalid value forbids repetition",
    arguments: [
      ("0", Pushback.after(.zero)), ("1500", .after(.milliseconds(1500))), ("-1", .stop), ("", .stop), ("1.5", .stop),
      ("+1", .stop), ("007", .stop), ("4000000000", .stop), ("soon", .stop),
    ]
  )
  func pushback(_ text: String, _ pushback: Pushback) {
    var trailers: Metadata = [:]
    trailers.add("grpc-retry-pushback-ms", text)
    #expect(Pushback(trailers) == pushback)
    trailers.add("grpc-retry-pushback-ms", text)
    #expect(Pushback(trailers) == .stop, "given twice")
  }

  @Test("no pushback is none")
  func noPushback() {
    #expect(Pushback(Metadata()) == .none)
  }
}
