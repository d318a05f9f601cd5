import Testing

@testable import TillSimulation

@Suite("Calling at a fixed rate")
struct OpenLoopTests {
  private struct Refusal: Error {}

  @Test("every call is made and reported: its answer or its error")
  func counts() async {
    let report = await OpenLoop(rate: 1_000, duration: .milliseconds(100)).run { number in
      if number.isMultiple(of: 4) { throw Refusal() }
    }
    #expect(report.offered == 100)
    #expect(report.answered == 75)
    #expect(report.failed == 25)
    #expect(report.firstFailure == "Refusal()")
    #expect(report.p50 <= report.p99 && report.p99 <= report.maximum)
  }

  @Test("ended before its time, it has offered what had begun, and waits for that", .timeLimit(.minutes(1)))
  func stopped() async {
    let stop = StopSignal()
    let report = await OpenLoop(rate: 1_000, duration: .seconds(3_600), stop: stop).run { number in
      if number == 9 { stop.request() }
    }
    #expect(report.offered >= 10 && report.offered < 3_600_000)
    #expect(report.answered == report.offered)
  }

  @Test("a server that answers nothing ends it early, with more offered than answered", .timeLimit(.minutes(1)))
  func overwhelmed() async {
    let report = await OpenLoop(rate: 1_000, duration: .milliseconds(500), inFlightMaximum: 10).run { _ in
      try await Task.sleep(for: .seconds(1))
    }
    #expect(report.offered == 500)
    #expect(report.answered == 10)
  }
}
