import Foundation
import RPC
import Synchronization
import Testing

@testable import TillSimulation

@Suite("An open loop")
struct LoadWorkerTests {
  private func run(
    _ target: ScriptedTarget,
    rate: Double,
    seconds: Double,
    mix: String = "earn=1",
    stop: StopSignal = StopSignal(),
    told: @escaping @Sendable (LoadSeries) -> Void = { _ in },
    change: (inout LoadPlan) -> Void = { _ in }
  ) async throws -> LoadSeries {
    try await LoadFixtures.withFolder { folder in
      let mix = try LoadMix(mix, service: .loyalty)
      var plan = LoadFixtures.plan(rate: rate, seconds: seconds, mix: mix, folder: folder)
      change(&plan)
      let series = Mutex(LoadSeries())
      let worker = LoadWorker(plan: plan, target: target, stop: stop)
      try await worker.run { message in
        let soFar = series.withLock { series in
          series.add(message)
          return series
        }
        told(soFar)
      }
      return series.withLock { $0 }
    }
  }

  @Test("requests start when they are due, though none has been answered")
  func openLoop() async throws {
    let (gate, opener) = AsyncStream<Void>.makeStream()
    let arrived = Atomic(0)
    let target = ScriptedTarget { _ in
      if arrived.add(1, ordering: .relaxed).newValue == 100 { opener.finish() }
      for await _ in gate {}
      return .points(1)
    }
    let series = try await run(target, rate: 500, seconds: 0.2)
    #expect(series.total.counts.offered == 100)
    #expect(series.total.counts.answered == 100)
    // The first request waited until the last one had come, 198 ms after it was meant to start.
    #expect(series.milliseconds(100) >= 190)
  }

  @Test("beyond the most unanswered requests the others are not sent and count as failures")
  func outstanding() async throws {
    let (gate, opener) = AsyncStream<Void>.makeStream()
    let target = ScriptedTarget { _ in
      for await _ in gate {}
      return .points(1)
    }
    let series = try await run(target, rate: 200, seconds: 0.1) { soFar in
      if soFar.total.counts.offered == 20 { opener.finish() }
    } change: { plan in
      plan.outstandingMaximum = 5
    }
    #expect(series.total.counts.offered == 20)
    #expect(series.total.counts.unsent == 15)
    #expect(series.total.counts.answered == 5)
    #expect(series.failures.values.reduce(0, +) == 15)
  }

  @Test("too few points are a refusal, other errors are failures, distinguished by their reason")
  func outcomes() async throws {
    let count = Atomic(0)
    let target = ScriptedTarget { _ in
      switch count.add(1, ordering: .relaxed).newValue % 4 {
      case 0:
        let info = ErrorInfo(reason: "INSUFFICIENT_POINTS", domain: "loyalty.patron")
        throw RPCError(code: .failedPrecondition, details: [.errorInfo(info)])
      case 1:
        throw RPCError(code: .unavailable, message: "gone")
      default:
        return .points(1)
      }
    }
    let series = try await run(target, rate: 400, seconds: 0.1)
    #expect(series.total.counts.answered == 30)
    #expect(series.total.counts.refused == 10)
    #expect(series.total.counts.failed == 10)
    #expect(series.failures == ["earn: UNAVAILABLE gone": 10])
  }

  @Test("late sales that have not filled a batch are sent at the end")
  func rest() async throws {
    let target = ScriptedTarget()
    let series = try await run(target, rate: 300, seconds: 0.1, mix: "late=1")
    #expect(target.sales.count == 30)
    #expect(series.kinds["late"]?.counts.answered == 30)
  }

  @Test("an answer that changed is a finding", .timeLimit(.minutes(1)))
  func finding() async throws {
    let stop = StopSignal()
    let seen = Mutex<Set<UUID>>([])
    let target = ScriptedTarget { sale in
      let isNew = seen.withLock { $0.insert(sale.requestID).inserted }
      if !isNew { stop.request() }
      return .points(isNew ? 1 : 2)
    }
    let series = try await run(target, rate: 20, seconds: 3_600, mix: "earn=1,duplicate=1", stop: stop)
    #expect(!series.findings.isEmpty)
    #expect(series.findings.allSatisfy { $0.contains("another answer") })
  }

  @Test("asked to stop, it sends no more and reports what ran", .timeLimit(.minutes(1)))
  func stop() async throws {
    let stop = StopSignal()
    let target = ScriptedTarget { _ in
      stop.request()
      return .points(1)
    }
    let series = try await run(target, rate: 10, seconds: 3_600, stop: stop)
    #expect(series.total.counts.offered == series.total.counts.answered)
    #expect((1..<100).contains(series.total.counts.offered))
    #expect(series.elapsed < .seconds(3_600))
  }

  @Test("asked twice, it abandons calls in flight", .timeLimit(.minutes(1)))
  func urgent() async throws {
    let stop = StopSignal()
    let target = ScriptedTarget { _ in
      stop.request()
      stop.request()
      try await Task.sleep(for: .seconds(3_600))
      return .points(1)
    }
    let series = try await run(target, rate: 10, seconds: 3_600, stop: stop)
    #expect(series.total.counts.failed == series.total.counts.offered)
  }
}
