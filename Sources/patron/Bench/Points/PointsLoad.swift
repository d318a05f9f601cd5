internal import Foundation
internal import Histogram
internal import PatronAPI
internal import RPC
internal import ServiceKit
internal import Synchronization

/// Calls of the points service, so many at once: 70% earn, 20% redeem, 10% read the balance.
struct PointsLoad: Sendable {
  let client: LoyaltyV1.LoyaltyServiceClient
  let members: PointsMembers
  /// How members are chosen.
  var choice = MemberChoice.uniform

  /// What one run gave.
  struct Report: Sendable {
    var operations = 0
    var failures = 0
    var firstFailure: String?
    var elapsed = Duration.zero
    var latencies = PointsLoad.histogram

    var perSecond: Double { Double(operations) / max(0.001, elapsed / .seconds(1)) }

    func percentile(_ percent: Double) -> Duration { .microseconds(Int64(latencies.valueAtPercentile(percent))) }
  }

  fileprivate static var histogram: Histogram<UInt32> {
    Histogram(
      lowestDiscernibleValue: 1,
      highestTrackableValue: 60_000_000,
      numberOfSignificantValueDigits: .three
    )
  }

  /// Keeps so many calls in flight for so long.
  func run(inFlight: Int, duration: Duration) async -> Report {
    let ids = UUIDv7Generator(random: .seeded(.random(in: .min ... .max)))
    let picker = MemberPicker(choice, count: members.count)
    // Few, so that they stay in the processor's caches, and more than one, so that nobody waits to write one.
    let reports = (0..<8).map { _ in ReportBox() }
    let started = ContinuousClock.now
    let end = started + duration
    await withDiscardingTaskGroup { group in
      for number in 0..<inFlight {
        let report = reports[number % reports.count]
        group.addTask { await self.keepCalling(until: end, picker, ids, report) }
      }
    }
    var total = Report()
    for box in reports { box.report.withLock { total.add($0) } }
    total.elapsed = ContinuousClock.now - started
    return total
  }

  private func keepCalling(
    until end: ContinuousClock.Instant,
    _ picker: MemberPicker,
    _ ids: UUIDv7Generator,
    _ box: ReportBox
  ) async {
    // Seeded: the system's source costs a system call for every number.
    var random = RandomSource.seeded(.random(in: .min ... .max))
    var began = ContinuousClock.now
    while began < end {
      let member = members.id(picker.next(using: &random)).text
      var failure: String?
      do {
        try await call(member, ids, &random)
      } catch {
        failure = "\(error)"
      }
      let ended = ContinuousClock.now
      let latency = ended - began
      box.report.withLock { $0.note(latency, failure: failure) }
      began = ended
    }
  }

  private func call(_ member: String, _ ids: UUIDv7Generator, _ random: inout RandomSource) async throws {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<70:
      let amount = Int64.random(in: 1...500, using: &random)
      _ = try await client.credit(.init(requestId: ids.next().text, memberId: member, amount: amount))
    case 70..<90:
      let amount = Int64.random(in: 1...100, using: &random)
      _ = try await client.debit(.init(requestId: ids.next().text, memberId: member, amount: amount))
    default:
      _ = try await client.getBalance(.init(memberId: member))
    }
  }
}

/// A report that several tasks write.
private final class ReportBox: Sendable {
  let report = Mutex(PointsLoad.Report())
}

extension PointsLoad.Report {
  fileprivate mutating func note(_ latency: Duration, failure: String?) {
    if let failure {
      failures += 1
      firstFailure = firstFailure ?? failure
    } else {
      operations += 1
      latencies.record(UInt64(max(1, latency / .microseconds(1))))
    }
  }

  fileprivate mutating func add(_ other: PointsLoad.Report) {
    operations += other.operations
    failures += other.failures
    firstFailure = firstFailure ?? other.firstFailure
    latencies.add(other.latencies)
  }
}
