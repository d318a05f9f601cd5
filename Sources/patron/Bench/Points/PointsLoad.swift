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
    let ids = UUIDv7Generator()
    let picker = MemberPicker(choice, count: members.count)
    let started = ContinuousClock.now
    let end = started + duration
    var total = await withTaskGroup(of: Report.self) { group in
      for _ in 0..<inFlight {
        group.addTask { await self.keepCalling(until: end, picker, ids) }
      }
      var total = Report()
      for await report in group {
        total.operations += report.operations
        total.failures += report.failures
        total.firstFailure = total.firstFailure ?? report.firstFailure
        total.latencies.add(report.latencies)
      }
      return total
    }
    total.elapsed = ContinuousClock.now - started
    return total
  }

  private func keepCalling(
    until end: ContinuousClock.Instant,
    _ picker: MemberPicker,
    _ ids: UUIDv7Generator
  ) async -> Report {
    var report = Report()
    var random = SystemRandomNumberGenerator()
    while true {
      let began = ContinuousClock.now
      if began >= end { return report }
      let member = members.id(picker.next(using: &random)).text
      do {
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
        report.operations += 1
        report.latencies.record(UInt64(max(1, (ContinuousClock.now - began) / .microseconds(1))))
      } catch {
        report.failures += 1
        report.firstFailure = report.firstFailure ?? "\(error)"
      }
    }
  }
}
