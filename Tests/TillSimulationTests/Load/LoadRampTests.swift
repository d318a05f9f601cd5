import Testing

@testable import TillSimulation

@Suite("Looking for the knee")
struct LoadRampTests {
  /// Simulates a service that answers in 5 ms up to its capacity, ever more slowly beyond it, and not at all far beyond
  /// it.
  private func trial(_ rate: Double, capacity: Double) -> LoadSeries {
    let latency: UInt64 = rate <= capacity ? 5_000 : 500_000
    let count = Int(rate)
    let answered = rate <= 2 * capacity ? count : count / 2
    var series = LoadSeries()
    let counts = LoadCounts(
      second: 0,
      kind: "earn",
      offered: count,
      answered: answered,
      failed: count - answered,
      completed: answered,
      latencies: [latency, UInt64(answered)]
    )
    series.add(.counts(counts))
    series.add(.finished(microseconds: 1_000_000))
    return series
  }

  @Test("the knee is the highest rate that held, close to the capacity", arguments: [120.0, 900, 3_952])
  func knee(capacity: Double) async throws {
    var ramp = LoadRamp(limit: .milliseconds(50))
    try await ramp.climb(first: 100) { trial($0, capacity: capacity) }
    #expect(ramp.knee <= capacity)
    #expect(ramp.knee > capacity * 0.9)
    #expect(ramp.steps.contains { !$0.held })
    #expect(ramp.steps.filter(\.held).allSatisfy { $0.p99Milliseconds <= 50 && $0.unanswered == 0 })
  }

  @Test("there is no knee where nothing holds")
  func nothing() async throws {
    var ramp = LoadRamp(limit: .milliseconds(1))
    try await ramp.climb(first: 100) { trial($0, capacity: 1_000) }
    #expect(ramp.knee == 0)
  }

  @Test("a step that failed for another reason than speed is no knee, but an error")
  func fault() async throws {
    var ramp = LoadRamp(limit: .milliseconds(50))
    try await ramp.climb(first: 100) { rate in
      var series = trial(rate, capacity: 10_000)
      if rate > 200 { series.add(.faults(["coupon: failedPrecondition COUPON_NOT_USABLE": 7])) }
      return series
    }
    #expect(ramp.knee == 0)
    #expect(ramp.fault == "at 274/s 7 requests failed: coupon: failedPrecondition COUPON_NOT_USABLE")
    #expect(ramp.steps.filter { $0.rate > 200 }.count == 1)
  }

  @Test("an operator's stop ends it with the results so far")
  func interrupted() async throws {
    var ramp = LoadRamp(limit: .milliseconds(50))
    var trials = 0
    try await ramp.climb(first: 100) { rate in
      trials += 1
      return trials > 2 ? nil : trial(rate, capacity: 10_000)
    }
    #expect(ramp.steps.count == 2)
    #expect(ramp.knee == 140)
  }

  @Test("a rate that fails once and holds when tried again has held")
  func stumbling() async throws {
    var ramp = LoadRamp(limit: .milliseconds(50))
    var trials = 0
    try await ramp.climb(first: 100) { rate in
      trials += 1
      return trial(rate, capacity: trials == 2 ? 1 : 1_000)
    }
    #expect(ramp.steps.prefix(3).map(\.held) == [true, false, true])
    #expect(ramp.steps[1].rate == ramp.steps[2].rate)
    #expect(ramp.knee > 900)
  }
}
