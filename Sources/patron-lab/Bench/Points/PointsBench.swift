import Foundation
import LocalSuite
import LoyaltyProto
import Postgres
import RPC
import TillSimulation

/// The whole of `patron-lab bench-points`, once PostgreSQL and loyalty run.
struct PointsBench: Sendable {
  let plan: PointsPlan
  let folder: String
  let ports: SuitePorts
  let terminal: Terminal

  /// What an operation writes to PostgreSQL's log at most when few pages are logged whole any more.
  private static let warmLogBytes: Int64 = 1_000
  private static let warmUpRoundsMaximum = 24

  func run(_ local: LocalSuite) async throws {
    let naive = plan.comparesNaive ? try await prepareNaive(local) : nil
    let database = Database.forBenchmark(local.roles.url(of: "loyalty"))
    try await PointsMembers(count: plan.members).fill(database, of: local, terminal: terminal)
    let channel = try Channel.forBenchmark(ports.address("loyalty"))
    let client = LoyaltyV1.LoyaltyServiceClient(channel)
    var load = PointsLoad(client: client, members: PointsMembers(count: plan.members))
    let warmUp = try await ContinuousClock().measure { try await self.warmUp(load, database) }
    if let naive {
      _ = try await naive.measure(connections: 16, seconds: max(10, Int(warmUp.components.seconds)))
    }

    var rounds: [PointsRound] = []
    for _ in 0..<plan.rounds { rounds.append(try await round(load, naive, database)) }
    if naive != nil { try await local.onServer("DROP DATABASE naive") }
    _ = try await measure("uniform", load, 256, database)
    load.choice = .zipf(exponent: 0.99)
    let zipf = try await measure("Zipf 0.99", load, 1_024, database)
    load.choice = .hot(count: 10, share: 0.5)
    let hot = try await measure("ten hot members", load, 1_024, database)
    load.choice = .uniform
    let memory = try await watchMemory(load)
    let scaled = try await scale(client, database, local)
    await channel.close()
    await database.shutdown()
    let verdict = try await local.auditLedger(terminal)

    let at1024 = rounds.median { $0.streams[1_024]?.perSecond } ?? 0
    terminal.write(line: "")
    result("ratio_to_naive.1024", rounds.median { $0.ratioToNaive($0.streams[1_024]) }, digits: 2)
    result("ratio_to_naive.1024.calls", rounds.median { $0.ratioToNaive($0.calls[1_024]) }, digits: 2)
    result("p99_ratio.64", rounds.median { $0.ninetyNinthRatio($0.streams[64], connections: 64) }, digits: 3)
    result("p99_ratio.64.calls", rounds.median { $0.ninetyNinthRatio($0.calls[64], connections: 64) }, digits: 3)
    result("ops_per_second.1024", at1024, digits: 0)
    result("ops_per_second.1024.calls", rounds.median { $0.calls[1_024]?.perSecond }, digits: 0)
    result("scale_10m", scaled.map { $0.perSecond / max(1, at1024) }, digits: 3)
    result("hot", hot.perSecond / max(1, at1024), digits: 3)
    result("zipf", zipf.perSecond / max(1, at1024), digits: 3)
    result("memory_growth_percent", memory?.growthPercent, digits: 1)
    result("verdict", verdict)
  }

  /// Prints a figure, if it was measured.
  private func result(_ name: String, _ value: Double?, digits: Int) {
    if let value { result(name, Text.decimal(value, digits: digits)) }
  }

  private func result(_ name: String, _ value: String) {
    terminal.write(line: "RESULT points.\(name)=\(value)")
  }
}

// MARK: - The parts

extension PointsBench {
  /// Makes the naive ledger, in a database of its own on the same server.
  private func prepareNaive(_ local: LocalSuite) async throws -> NaiveLedger {
    try await local.onServer("CREATE DATABASE naive")
    let ledger = NaiveLedger(
      programs: try PostgresPrograms(),
      url: local.roles.server.url(database: "naive"),
      accounts: plan.members,
      folder: "\(folder)/naive"
    )
    terminal.write(line: "Filling the tables of the naive ledger …")
    try await ledger.prepare()
    return ledger
  }

  /// Measures both, in turns.
  private func round(_ load: PointsLoad, _ naive: NaiveLedger?, _ database: Database) async throws -> PointsRound {
    var round = PointsRound()
    var calls = load
    calls.way = .calls
    for (inFlight, connections) in [(1_024, 16), (64, 64)] {
      if let naive { round.naive[connections] = try await measure(naive, connections) }
      round.streams[inFlight] = try await measure("uniform", load, inFlight, database)
      round.calls[inFlight] = try await measure("a call for each, uniform", calls, inFlight, database)
    }
    return round
  }

  private func measure(_ naive: NaiveLedger, _ connections: Int) async throws -> NaiveLedger.Report {
    let before = ProcessTimes.now()
    let report = try await naive.measure(connections: connections, seconds: plan.seconds)
    let used = ProcessTimes.now() - before
    terminal.write(
      line: "naive, \(connections) connections: \(Text.decimal(report.perSecond, digits: 0))/s, "
        + "p50 \(Text.duration(report.p50)), p99 \(Text.duration(report.p99)); PostgreSQL "
        + "\(perOperation(used.postgres, report.perSecond * Double(plan.seconds))) an operation"
    )
    return report
  }

  /// Runs until most pages of the tables have changed once since the checkpoint: PostgreSQL logs each of them whole then,
  /// which a service that runs all day has behind it.
  private func warmUp(_ load: PointsLoad, _ database: Database) async throws {
    terminal.write(line: "Warming up …")
    for _ in 0..<Self.warmUpRoundsMaximum {
      let before = try await logPosition(database)
      let report = await load.run(inFlight: 1_024, duration: .seconds(5))
      try check(report)
      let logged = try await logPosition(database) - before
      if logged < Self.warmLogBytes * Int64(report.operations) { return }
    }
  }

  private func measure(
    _ name: String,
    _ load: PointsLoad,
    _ inFlight: Int,
    _ database: Database
  ) async throws -> PointsLoad.Report {
    let (before, logBefore) = (ProcessTimes.now(), try await logPosition(database))
    let report = await load.run(inFlight: inFlight, duration: .seconds(plan.seconds))
    let used = ProcessTimes.now() - before
    let logged = try await logPosition(database) - logBefore
    let operations = Double(max(1, report.operations))
    terminal.write(
      line: "patron, \(name), \(inFlight) in flight: \(Text.decimal(report.perSecond, digits: 0))/s, "
        + "p50 \(Text.duration(report.percentile(50))), p99 \(Text.duration(report.percentile(99))), "
        + "p99.9 \(Text.duration(report.percentile(99.9))); an operation: caller "
        + "\(perOperation(used.caller, operations)), service \(perOperation(used.service, operations)), PostgreSQL "
        + "\(perOperation(used.postgres, operations)), WAL \(Text.decimal(Double(logged) / operations, digits: 0)) B"
    )
    try check(report)
    return report
  }

  /// Watches the service's memory under load; nil if the plan leaves it out.
  private func watchMemory(_ load: PointsLoad) async throws -> MemorySamples? {
    guard plan.memoryMinutes > 0 else { return nil }
    terminal.write(line: "Watching the service's memory for \(plan.memoryMinutes) minutes …")
    let watch = Task { await MemorySamples.collect() }
    let report = await load.run(inFlight: 256, duration: .seconds(plan.memoryMinutes * 60))
    watch.cancel()
    let samples = await watch.value
    try check(report)
    terminal.write(
      line: "patron, uniform, 256 in flight for \(plan.memoryMinutes) minutes: "
        + "\(Text.decimal(report.perSecond, digits: 0))/s, p99 \(Text.duration(report.percentile(99))), "
        + "at most \(samples.mostBytes / 1_048_576) MiB"
    )
    return samples
  }

  /// Measures once more with many more members; nil if the plan leaves it out.
  private func scale(
    _ client: LoyaltyV1.LoyaltyServiceClient,
    _ database: Database,
    _ local: LocalSuite
  ) async throws -> PointsLoad.Report? {
    guard let count = plan.scaledMembers, count > plan.members else { return nil }
    let members = PointsMembers(count: count)
    try await members.fill(database, of: local, from: plan.members, terminal: terminal)
    let load = PointsLoad(client: client, members: members)
    try await warmUp(load, database)
    return try await measure("uniform over \(Text.count(count)) members", load, 1_024, database)
  }

  private func check(_ report: PointsLoad.Report) throws {
    guard let failure = report.firstFailure else { return }
    throw SuiteError("\(report.failures) calls failed, the first with: \(failure)")
  }

  private func perOperation(_ duration: Duration, _ operations: Double) -> String {
    Text.decimal(duration / .microseconds(1) / operations, digits: 1) + " µs"
  }

  private func logPosition(_ database: Database) async throws -> Int64 {
    try await database.query("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")[0].decode(column: 0)
  }
}
