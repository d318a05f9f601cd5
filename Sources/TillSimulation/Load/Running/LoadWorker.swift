import Basics
import Foundation
import RPC
import ServiceKit

/// One process's part of a load.
package struct LoadWorker: Sendable {
  /// Refusals that are business as usual.
  static let businessReasons: Set<String> = ["INSUFFICIENT_POINTS", "INSUFFICIENT_STORED_VALUE"]

  /// How a service says that it is asked too much, or how that looks from here. Whatever else fails has another cause.
  static let overloadCodes: Set<StatusCode> = [.resourceExhausted, .deadlineExceeded, .unavailable]

  /// How often it tells what happened.
  private static let reportInterval: Duration = .seconds(1)
  /// How long requests under way may take to be answered once the operator has asked for the end.
  private static let stopGrace: Duration = .seconds(5)

  let plan: LoadPlan
  let target: any LoadTarget
  let stop: StopSignal

  package init(plan: LoadPlan, target: any LoadTarget, stop: StopSignal) {
    self.plan = plan
    self.target = target
    self.stop = stop
  }

  /// Plays the part. Returns when every request has been answered or given up.
  ///
  /// - Parameter report: Receives about every second what happened, and the end.
  package func run(report: @escaping @Sendable (LoadMessage) -> Void) async throws {
    let journal = try LoadJournal(directory: plan.journalDirectory, process: plan.process.index)
    let random = RandomSource.seeded(plan.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(plan.process.index))
    let till = try LoadTill(plan, target: target, journal: journal, random: random)
    let tally = LoadTally(outstandingMaximum: plan.outstandingMaximum)
    let schedule = ArrivalSchedule(plan.curve, spacing: plan.spacing, random: random, share: plan.process)

    let now = ContinuousClock.now
    let wait = plan.startsAtUnixMicroseconds - WallClock.system.unixMicroseconds
    let start = now + .microseconds(max(0, wait))
    let reporter = Task {
      while (try? await Task.sleep(for: Self.reportInterval)) != nil {
        journal.flush()
        for message in tally.drain() { report(message) }
      }
    }
    let requests = Task { await send(till, tally, Pacer(schedule, start: start), start: start) }
    let watch = Task { [stop] in
      guard await stop.wait(until: \.isRequested) else { return }
      let deadline = ContinuousClock.now + Self.stopGrace
      if await stop.wait(until: { $0.isUrgent || deadline < .now }) { requests.cancel() }
    }
    let lastArrival = await requests.value
    watch.cancel()
    reporter.cancel()
    await reporter.value
    journal.flush()
    for message in tally.drain() { report(message) }
    if journal.lostCount > 0 {
      report(.finding("\(journal.lostCount) acknowledged changes could not be written down, so nobody looked for them"))
    }
    let end = stop.isRequested ? max(lastArrival, tally.lastEnd) : max(.seconds(plan.seconds), tally.lastEnd)
    report(.finished(microseconds: Int64(end / .microseconds(1))))
  }

  /// Sends every request when it is due.
  ///
  /// - Returns: When the last one was due, counted from the start.
  private func send(
    _ till: LoadTill,
    _ tally: LoadTally,
    _ pacer: Pacer,
    start: ContinuousClock.Instant
  ) async -> Duration {
    await withDiscardingTaskGroup { group in
      var pacer = pacer
      var last: Duration = .zero
      while let due = await pacer.next(unless: { stop.isRequested }) {
        last = due - start
        let kind = LoadKind.named(plan.mix.kind(at: till.fraction()))
        for call in kind?.draft(till) ?? [] {
          guard tally.begin(call.kind, intended: last + call.delay) else { continue }
          group.addTask { await Self.make(call, till, tally, due: due + call.delay, start: start) }
        }
      }
      for call in LoadKind.all.flatMap({ $0.rest(till) }) {
        guard tally.begin(call.kind, intended: last + call.delay) else { continue }
        group.addTask { [last] in await Self.make(call, till, tally, due: start + last + call.delay, start: start) }
      }
      return last
    }
  }

  private static func make(
    _ call: LoadCall,
    _ till: LoadTill,
    _ tally: LoadTally,
    due: ContinuousClock.Instant,
    start: ContinuousClock.Instant
  ) async {
    if call.delay > .zero { try? await Task.sleep(until: due, tolerance: .zero, clock: .continuous) }
    let outcome: LoadTally.Outcome
    do {
      try await call.send(till)
      outcome = .answered
    } catch let finding as LoadFinding {
      tally.note(finding)
      outcome = .answered
    } catch let error as RPCError where businessReasons.contains(error.info?.reason ?? "") {
      outcome = .refused
    } catch let error as RPCError {
      let reason = "\(call.kind): \(error.code) \(error.info?.reason ?? error.message)"
      outcome = overloadCodes.contains(error.code) ? .failed(reason: reason) : .faulty(reason: reason)
    } catch {
      outcome = .faulty(reason: "\(call.kind): \(error)")
    }
    tally.end(call.kind, intended: due - start, end: ContinuousClock.now - start, outcome)
  }
}
