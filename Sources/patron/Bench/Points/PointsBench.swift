internal import Foundation
internal import Logging
internal import PatronAPI
internal import Postgres
internal import RPC

/// The whole of `patron bench-points`, once PostgreSQL and loyalty run.
struct PointsBench: Sendable {
  let seconds: Int
  let memberCount: Int
  let folder: String
  let ports: SuitePorts
  let terminal: Terminal

  func run(_ local: LocalSuite) async throws {
    let naive = try await naive(local)
    let database = Database.forBenchmark(local.roles.url(of: "loyalty"))
    let members = PointsMembers(count: memberCount)
    terminal.write(line: "Opening \(Text.count(memberCount)) accounts …")
    try await members.fill(database) { _ in }
    try await checkpoint(local)
    // A connection takes 100 calls at a time.
    var configuration = ChannelConfiguration()
    configuration.limits.connectionsPerAddressMaximum = 16
    let channel = try Channel(target: ports.address("loyalty"), configuration: configuration, logger: .silent)
    var load = PointsLoad(client: LoyaltyV1.LoyaltyServiceClient(channel), members: members)
    _ = await load.run(inFlight: 64, duration: .seconds(2))

    var reports: [Int: PointsLoad.Report] = [:]
    for inFlight in [64, 256, 1_024] {
      reports[inFlight] = try await measure("uniform", load, inFlight, database)
    }
    load.choice = .hot(count: 10, share: 0.5)
    let hot = try await measure("ten hot members", load, 1_024, database)
    await channel.close()
    let mismatches = try await database.query("SELECT count(*) FROM account_mismatch")[0].decode(
      column: 0,
      as: Int64.self
    )
    await database.shutdown()

    let at1024 = reports[1_024]?.perSecond ?? 0
    let best = naive.values.map(\.perSecond).max() ?? 1
    let p99 = (reports[64]?.percentile(99) ?? .zero) / (naive[64]?.p99 ?? .seconds(1))
    terminal.write(line: "")
    result("ratio_to_naive.1024", Text.decimal(at1024 / best, digits: 2))
    result("ops_per_second.1024", Text.decimal(at1024, digits: 0))
    result("p99_ratio.64", Text.decimal(p99, digits: 3))
    result("hot", Text.decimal(hot.perSecond / max(1, at1024), digits: 3))
    result("verdict", mismatches == 0 ? "clean" : "\(mismatches) accounts do not add up")
  }

  private func result(_ name: String, _ value: String) {
    terminal.write(line: "RESULT points.\(name)=\(value)")
  }

  private func naive(_ local: LocalSuite) async throws -> [Int: NaiveLedger.Report] {
    let server = Database.forBenchmark(local.roles.server.url(database: "postgres"))
    try await server.execute("CREATE DATABASE naive")
    await server.shutdown()
    let ledger = NaiveLedger(
      programs: try PostgresPrograms(),
      url: local.roles.server.url(database: "naive"),
      accounts: memberCount,
      folder: "\(folder)/naive"
    )
    terminal.write(line: "Filling the tables of the naive ledger …")
    try await ledger.prepare()
    var reports: [Int: NaiveLedger.Report] = [:]
    for connections in [16, 64] {
      let before = ProcessTimes.now()
      let report = try await ledger.measure(connections: connections, seconds: seconds)
      let used = ProcessTimes.now() - before
      reports[connections] = report
      terminal.write(
        line: "naive, \(connections) connections: \(Text.decimal(report.perSecond, digits: 0))/s, "
          + "p50 \(Text.duration(report.p50)), p99 \(Text.duration(report.p99)); PostgreSQL "
          + "\(perOperation(used.postgres, report.perSecond * Double(seconds))) an operation"
      )
    }
    return reports
  }

  private func measure(
    _ name: String,
    _ load: PointsLoad,
    _ inFlight: Int,
    _ database: Database
  ) async throws -> PointsLoad.Report {
    let (before, logBefore) = (ProcessTimes.now(), try await logPosition(database))
    let report = await load.run(inFlight: inFlight, duration: .seconds(seconds))
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
    if let failure = report.firstFailure {
      throw SuiteError("\(report.failures) calls failed, the first with: \(failure)")
    }
    return report
  }

  private func perOperation(_ duration: Duration, _ operations: Double) -> String {
    Text.decimal(duration / .microseconds(1) / operations, digits: 1) + " µs"
  }

  private func logPosition(_ database: Database) async throws -> Int64 {
    try await database.query("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")[0].decode(column: 0)
  }

  private func checkpoint(_ local: LocalSuite) async throws {
    let server = Database.forBenchmark(local.roles.server.url(database: "postgres"))
    try await server.execute("CHECKPOINT")
    await server.shutdown()
  }
}
