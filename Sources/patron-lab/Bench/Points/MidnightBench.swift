import ArgumentParser
import Basics
import LocalSuite
import LoyaltyProto
import Postgres
import RPC
import ServiceKit
import TillSimulation

/// The last part of `patron-lab bench-points`: what tills feel when a lot of every member expires at one midnight.
///
/// The members of a new ledger have a lot that expires and one that does not. The service lives through a real midnight,
/// its clock set back, while tills send requests at a fixed rate to members alike: those whose lot is still due, and those
/// from whom the job or a till has taken it.
struct MidnightBench: Sendable {
  let memberCount: Int
  /// How long tills are measured before midnight.
  let seconds: Int
  /// Requests that tills send a second.
  let rate: Int
  /// How the suite is started, in a folder that is not there yet.
  let options: SuiteOptions
  let terminal: Terminal

  /// From the service's start until tills are measured: it starts, the job looks in vain, and most pages of the tables
  /// change once, each of which PostgreSQL logs whole the first time.
  private static let warmUp: Duration = .seconds(60)
  /// How long it may take until all expiries are entered.
  private static let expiryMaximum: Duration = .seconds(3_600)
  private static let pollInterval: Duration = .milliseconds(500)

  /// Fills a ledger, starts the service anew shortly before its midnight, and measures.
  ///
  /// - Throws: `ExitCode` if the suite went down; `SuiteError` if the tills stalled, or nothing could be measured.
  func run() async throws {
    terminal.write(line: "")
    let lastDay = StagedMidnight.yesterday()
    let members = PointsMembers(count: memberCount, lastDay: lastDay)
    var filling = options
    // By the right time the lots are due already, and nobody may enter that yet.
    filling.serviceSettings["PATRON_LOYALTY_EXPIRY_INTERVAL"] = "86400s"
    let fillingCode = try await SuiteSession.run(filling, terminal: terminal) { _, local in
      let database = Database.forBenchmark(local.roles.url(of: "loyalty"))
      try await members.fill(database, of: local, terminal: terminal)
      await database.shutdown()
      return .stop(exitCode: 0)
    }
    guard fillingCode == 0 else { throw ExitCode(fillingCode) }
    let midnight = StagedMidnight(after: lastDay, in: Self.warmUp + .seconds(seconds))
    var measuring = options
    measuring.serviceSettings = midnight.serviceSettings
    let exitCode = try await SuiteSession.run(measuring, terminal: terminal) { _, local in
      try await measure(members, midnight, local)
      return .stop(exitCode: 0)
    }
    guard exitCode == 0 else { throw ExitCode(exitCode) }
  }

  private func measure(_ members: PointsMembers, _ midnight: StagedMidnight, _ local: LocalSuite) async throws {
    let database = Database.forBenchmark(local.roles.url(of: "loyalty"))
    let channel = try Channel.forBenchmark(options.ports.address("loyalty"))
    let load = PointsLoad(
      client: LoyaltyV1.LoyaltyServiceClient(channel),
      members: members,
      clock: WallClock.system.setBack(by: midnight.clockBehind)
    )
    terminal.write(line: "Warming up …")
    _ = try await undisturbed(load, until: midnight.moment - .seconds(seconds))
    let quiet = try await undisturbed(load, until: midnight.moment)
    tell("before midnight", quiet)

    let stop = StopSignal()
    async let traffic = load.run(rate: rate, duration: Self.expiryMaximum, stop: stop)
    try await waitForExpiry(database)
    let elapsed = ContinuousClock.now - midnight.moment
    stop.request()
    let night = await traffic
    tell("from midnight on", night)
    guard night.answered + night.failed == night.offered else {
      throw SuiteError("The tills stalled \(Text.duration(night.elapsed)) after midnight: too much was unanswered.")
    }
    let lots = try await expiredLots(database)
    terminal.write(
      line: "\(Text.count(lots)) lots had expired \(Text.duration(elapsed)) after midnight: "
        + "\(Text.decimal(Double(lots) / (elapsed / .seconds(1)), digits: 0))/s"
    )
    await channel.close()
    await database.shutdown()
    let verdict = try await local.auditLedger(terminal)

    terminal.write(line: "")
    result("midnight_lots", "\(lots)")
    result("midnight_seconds", Text.decimal(elapsed / .seconds(1), digits: 1))
    result("midnight_p99_milliseconds", Text.decimal(night.p99 / .milliseconds(1), digits: 1))
    result("quiet_p99_milliseconds", Text.decimal(quiet.p99 / .milliseconds(1), digits: 1))
    result("midnight_refused", "\(night.failed)")
    result("midnight_verdict", verdict)
  }
}

// MARK: - The parts

extension MidnightBench {
  /// Sends requests until a moment before which nothing may be refused.
  private func undisturbed(_ load: PointsLoad, until end: ContinuousClock.Instant) async throws -> LoopReport {
    let duration = end - ContinuousClock.now
    guard duration > .zero else { throw SuiteError("Midnight came too soon: the service took too long to start.") }
    let report = await load.run(rate: rate, duration: duration)
    guard report.answered == report.offered else {
      throw SuiteError(
        "\(report.offered - report.answered) calls before midnight were not answered, the first that failed with: "
          + (report.firstFailure ?? "nothing; too many were under way")
      )
    }
    return report
  }

  /// Returns once nothing is due any more. An account that is not due stays so, so one lane is looked at after the other,
  /// which costs the least.
  ///
  /// - Throws: `SuiteError` if it takes too long.
  private func waitForExpiry(_ database: Database) async throws {
    let deadline = ContinuousClock.now + Self.expiryMaximum
    let progress = ProgressReporter("Expiring, by lanes", total: PointsMembers.lanes.count, terminal: terminal)
    for lane in PointsMembers.lanes {
      while try await dueAccounts(in: lane, database) > 0 {
        guard ContinuousClock.now < deadline else {
          throw SuiteError("Lots of lane \(lane) were still due \(Text.duration(Self.expiryMaximum)) after midnight.")
        }
        try await Task.sleep(for: Self.pollInterval)
      }
      progress.advance()
    }
    progress.finish()
  }

  /// The accounts of a lane that still have the lot that expires; the other one never does.
  private func dueAccounts(in lane: Int16, _ database: Database) async throws -> Int64 {
    try await database.query(
      "SELECT count(*) FROM ledger_account WHERE lane = \(lane) AND lots[1] < \(Int64(Int32.max))"
    )[0].decode(column: 0)
  }

  /// The entries by which available points expired; each is of one lot.
  private func expiredLots(_ database: Database) async throws -> Int64 {
    try await database.query(
      "SELECT count(*) FROM ledger_entry WHERE entry_type = 5 AND from_account = 1 AND to_account = 6"
    )[0].decode(column: 0)
  }

  private func tell(_ time: String, _ report: LoopReport) {
    terminal.write(
      line: "patron, \(Text.count(rate)) a second \(time), for \(Text.duration(report.elapsed)): "
        + "\(Text.count(report.answered)) of \(Text.count(report.offered)) answered, p50 \(Text.duration(report.p50)), "
        + "p99 \(Text.duration(report.p99)), at most \(Text.duration(report.maximum))"
        + (report.firstFailure.map { "; the first refusal: \($0)" } ?? "")
    )
  }

  private func result(_ name: String, _ value: String) {
    terminal.write(line: "RESULT points.\(name)=\(value)")
  }
}
