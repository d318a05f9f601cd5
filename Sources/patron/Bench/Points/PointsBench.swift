internal import Foundation
internal import PatronAPI
internal import Postgres
internal import RPC

/// The whole of `patron bench-points`, once PostgreSQL and loyalty run.
struct PointsBench: Sendable {
  let plan: PointsPlan
  let folder: String
  let ports: SuitePorts
  let terminal: Terminal

  /// What an operation writes to PostgreSQL's log at most when few pages are logged whole any more.
  private static let warmLogBytes: Int64 = 1_000
  private static let warmUpRoundsMaximum = 24

  func run(_ local: LocalSuite) async throws {
    let naive = plan.comparesNaive ? try await naive(local) : [:]
    let database = Database.forBenchmark(local.roles.url(of: "loyalty"))
    try await PointsMembers(count: plan.members).fill(database, of: local, terminal: terminal)
    let channel = try Channel.forBenchmark(ports.address("loyalty"))
    let client = LoyaltyV1.LoyaltyServiceClient(channel)
    var load = PointsLoad(client: client, members: PointsMembers(count: plan.members))
    try await warmUp(load, database)

    var reports: [Int: PointsLoad.Report] = [:]
    for inFlight in [64, 256, 1_024] {
      reports[inFlight] = try await measure("uniform", load, inFlight, database)
    }
    var calls = load
    calls.way = .calls
    var called: [Int: PointsLoad.Report] = [:]
    for inFlight in [64, 1_024] {
      called[inFlight] = try await measure("a call for each, uniform", calls, inFlight, database)
    }
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

    let at1024 = reports[1_024]?.perSecond ?? 0
    terminal.write(line: "")
    if let best = naive.values.map(\.perSecond).max(), let naive = naive[64] {
      result("ratio_to_naive.1024", Text.decimal(at1024 / best, digits: 2))
      result("ratio_to_naive.1024.calls", Text.decimal((called[1_024]?.perSecond ?? 0) / best, digits: 2))
      result("p99_ratio.64", Text.decimal((reports[64]?.percentile(99) ?? .zero) / naive.p99, digits: 3))
      result("p99_ratio.64.calls", Text.decimal((called[64]?.percentile(99) ?? .zero) / naive.p99, digits: 3))
    }
    result("ops_per_second.1024", Text.decimal(at1024, digits: 0))
    result("ops_per_second.1024.calls", Text.decimal(called[1_024]?.perSecond ?? 0, digits: 0))
    if let scaled { result("scale_10m", Text.decimal(scaled.perSecond / max(1, at1024), digits: 3)) }
    result("hot", Text.decimal(hot.perSecond / max(1, at1024), digits: 3))
    result("zipf", Text.decimal(zipf.perSecond / max(1, at1024), digits: 3))
    if let growth = memory?.growthPercent { result("memory_growth_percent", Text.decimal(growth, digits: 1)) }
    result("verdict", verdict)
  }

  private func result(_ name: String, _ value: String) {
    terminal.write(line: "RESULT points.\(name)=\(value)")
  }
}

// MARK: - The parts

extension PointsBench {
  private func naive(_ local: LocalSuite) async throws -> [Int: NaiveLedger.Report] {
    let server = Database.forBenchmark(local.roles.server.url(database: "postgres"))
    try await server.execute("CREATE DATABASE naive")
    let ledger = NaiveLedger(
      programs: try PostgresPrograms(),
      url: local.roles.server.url(database: "naive"),
      accounts: plan.members,
      folder: "\(folder)/naive"
    )
    terminal.write(line: "Filling the tables of the naive ledger …")
    try await ledger.prepare()
    // As long as ours is warmed up at least.
    _ = try await ledger.measure(connections: 16, seconds: 10)
    var reports: [Int: NaiveLedger.Report] = [:]
    for connections in [16, 64] {
      let before = ProcessTimes.now()
      let report = try await ledger.measure(connections: connections, seconds: plan.seconds)
      let used = ProcessTimes.now() - before
      reports[connections] = report
      terminal.write(
        line: "naive, \(connections) connections: \(Text.decimal(report.perSecond, digits: 0))/s, "
          + "p50 \(Text.duration(report.p50)), p99 \(Text.duration(report.p99)); PostgreSQL "
          + "\(perOperation(used.postgres, report.perSecond * Double(plan.seconds))) an operation"
      )
    }
    // Nothing of it may cost what is measured next, such as vacuuming its tables.
    try await server.execute("DROP DATABASE naive")
    await server.shutdown()
    return reports
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
