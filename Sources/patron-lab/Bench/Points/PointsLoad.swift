import Basics
import Foundation
import Histogram
import LoyaltyProto
import RPC
import ServiceKit
import Synchronization
import TillSimulation

/// Requests to the points service, a number in flight or a number a second: 70% earn, 20% redeem, 10% read the balance.
struct PointsLoad: Sendable {
  /// How requests get to the service.
  enum Way: Sendable {
    /// Each in a call of its own.
    case calls
    /// On this number of streams; each request is answered by itself.
    case streams(Int)
  }

  let client: LoyaltyV1.LoyaltyServiceClient
  let members: PointsMembers
  /// How members are chosen.
  var choice = MemberChoice.uniform
  var way = Way.streams(4)
  /// What requests are dated by: the service's clock.
  var clock = WallClock.system

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

  /// Keeps this number of requests in flight for this time.
  func run(inFlight: Int, duration: Duration) async -> Report {
    let ids = UUIDv7Generator(clock: clock, random: .seeded(.random(in: .min ... .max)))
    let picker = MemberPicker(choice, count: members.count)
    // Few, so that they stay in the processor's caches, and more than one, so that nobody waits to write one.
    let reports = (0..<8).map { _ in ReportBox() }
    let started = ContinuousClock.now
    let end = started + duration
    await withDiscardingTaskGroup { group in
      switch way {
      case .calls:
        for number in 0..<inFlight {
          let report = reports[number % reports.count]
          group.addTask { await self.keepCalling(until: end, picker, ids, report) }
        }
      case .streams(let count):
        for number in 0..<count {
          let share = inFlight / count + (number < inFlight % count ? 1 : 0)
          let report = reports[number % reports.count]
          group.addTask { await self.keepStreaming(share, until: end, picker, ids, report) }
        }
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
    switch action(member, ids, &random) {
    case .credit(let request): _ = try await client.credit(request)
    case .debit(let request): _ = try await client.debit(request)
    case .getBalance(let request): _ = try await client.getBalance(request)
    case .deposit, .withdraw: preconditionFailure("points are not money")
    }
  }

  private func action(
    _ member: String,
    _ ids: UUIDv7Generator,
    _ random: inout RandomSource
  ) -> LoyaltyV1.Movement.OneOfAction {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<70:
      let amount = Int64.random(in: 1...500, using: &random)
      return .credit(.init(requestID: ids.next().text, memberID: member, amount: amount))
    case 70..<90:
      let amount = Int64.random(in: 1...100, using: &random)
      return .debit(.init(requestID: ids.next().text, memberID: member, amount: amount))
    default:
      return .getBalance(.init(memberID: member))
    }
  }
}

// MARK: - An open loop

extension PointsLoad {
  /// Longer than a disk takes to write once, even on a bad day.
  private static let silenceMaximum = 10

  /// Sends this number of requests a second, each in a call of its own, whatever becomes of those before it. Ends before its time
  /// if it is asked to, or if what ten seconds bring is unanswered.
  func run(rate: Int, duration: Duration, stop: StopSignal = StopSignal()) async -> LoopReport {
    let ids = UUIDv7Generator(clock: clock, random: .seeded(.random(in: .min ... .max)))
    let picker = MemberPicker(choice, count: members.count)
    let random = RandomSource.seeded(.random(in: .min ... .max))
    let inFlightMaximum = rate * Self.silenceMaximum
    let loop = OpenLoop(rate: Double(rate), duration: duration, inFlightMaximum: inFlightMaximum, stop: stop)
    return await loop.run { _ in
      var random = random
      try await call(members.id(picker.next(using: &random)).text, ids, &random)
    }
  }
}

// MARK: - Streams

extension PointsLoad {
  /// Keeps this number of requests in flight on one stream: for each that is answered, the next one.
  private func keepStreaming(
    _ count: Int,
    until end: ContinuousClock.Instant,
    _ picker: MemberPicker,
    _ ids: UUIDv7Generator,
    _ box: ReportBox
  ) async {
    guard count > 0 else { return }
    var random = RandomSource.seeded(.random(in: .min ... .max))
    // When the request that has this number began.
    var began = [ContinuousClock.Instant](repeating: .now, count: count)
    func movement(_ number: Int) -> LoyaltyV1.Movement {
      let member = members.id(picker.next(using: &random)).text
      return .init(number: UInt64(number), action: action(member, ids, &random))
    }
    do {
      let call = try await client.streamMovements()
      try await call.send(.init(movements: (0..<count).map(movement)))
      var underWay = count
      for try await response in call.responses {
        let now = ContinuousClock.now
        box.report.withLock { report in
          for outcome in response.outcomes { report.note(now - began[Int(outcome.number)], failure: outcome.failure) }
        }
        underWay -= response.outcomes.count
        if now < end {
          for outcome in response.outcomes { began[Int(outcome.number)] = now }
          try await call.send(.init(movements: response.outcomes.map { movement(Int($0.number)) }))
          underWay += response.outcomes.count
        } else if underWay == 0 {
          call.finishSending()
        }
      }
    } catch {
      box.report.withLock { $0.note(.zero, failure: "\(error)") }
    }
  }
}

extension LoyaltyV1.MovementOutcome {
  /// Why it was refused; nil if it was not.
  fileprivate var failure: String? {
    switch result {
    case .moved, .balance: nil
    case .refused(let refusal): refusal.message
    case nil: "an outcome says nothing"
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
