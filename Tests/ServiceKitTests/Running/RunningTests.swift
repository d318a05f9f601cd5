import Eventually
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Jobs, signals and readiness")
struct RunningTests {
  private struct Failure: Error {}

  @Test("A job that fails is begun again, and ends when it is cancelled", arguments: [true, false])
  func restarts(isPeriodic: Bool) async throws {
    let turns = Atomic(0)
    let body: @Sendable () async throws -> Void = {
      turns.wrappingAdd(1, ordering: .relaxed)
      throw Failure()
    }
    let job = isPeriodic ? Job("j", every: .milliseconds(1), body) : Job("j", body)
    let running = Task { await job.run(logger: .silent) }
    try await eventually("three turns") { turns.load(ordering: .relaxed) >= 3 }
    running.cancel()
    await running.value
  }

  @Test("A change between looking and waiting is not lost")
  func signal() async {
    let signal = ChangeSignal()
    let seen = signal.generation
    signal.announce()
    await signal.wait(since: seen)
    #expect(signal.generation != seen)
  }

  @Test("Waiting ends with the change, the time limit or the task")
  func waiting() async {
    let signal = ChangeSignal()
    let seen = signal.generation
    let waiters = (0..<5).map { _ in Task { await signal.wait(since: seen) } }
    let cancelled = Task { await signal.wait(since: seen + 1) }
    cancelled.cancel()
    signal.announce()
    for waiter in waiters { await waiter.value }
    await cancelled.value
    await signal.wait(since: signal.generation, atMost: .milliseconds(1))
  }

  @Test("Readiness is reported to observers only when it changes")
  func readiness() {
    let readiness = Readiness(missing: ["a": "a is missing"])
    let told = Mutex<[Bool]>([])
    readiness.observe { isReady in told.withLock { $0.append(isReady) } }
    readiness.lost("b", "b is missing")
    readiness.found("a")
    readiness.found("b")
    readiness.lost("a", "a is missing")
    #expect(told.withLock { $0 } == [false, true, false] && readiness.missing == ["a is missing"])
  }

  @Test("Draining is reported once, and at once to late observers")
  func drain() {
    let drain = Drain()
    let told = Atomic(0)
    _ = drain.onBegin { told.wrappingAdd(1, ordering: .relaxed) }
    let removed = drain.onBegin { told.wrappingAdd(100, ordering: .relaxed) }
    drain.remove(removed)
    drain.begin()
    drain.begin()
    _ = drain.onBegin { told.wrappingAdd(10, ordering: .relaxed) }
    #expect(told.load(ordering: .relaxed) == 11 && drain.hasBegun)
  }
}
