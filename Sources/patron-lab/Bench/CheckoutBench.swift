import LocalSuite
import Logging
import Postgres
import TillSimulation

/// The whole of `patron-lab bench-checkout`, once its suite runs.
struct CheckoutBench: Sendable {
  let seconds: Int
  /// The longest that 99 of 100 calls of the ramp may take.
  let limit: Duration
  let memberCount: Int
  let ports: SuitePorts
  let terminal: Terminal

  func run(_ local: LocalSuite) async throws {
    let transactions = try await pgbench(local)
    let clients = try SuiteClients(address: ports.address)
    let load = try await CheckoutLoad(clients: clients, memberCount: memberCount)
    _ = await OpenLoop(rate: 100, duration: .seconds(2)).run { _ in try await load.sell() }
    let report = try await measure(load)
    await clients.close()

    let ratio = report.perSecond / transactions
    terminal.write(line: "")
    terminal.write(line: "pgbench    \(Text.decimal(transactions, digits: 0)) transactions per second")
    terminal.write(
      line: "checkouts  \(Text.decimal(report.perSecond, digits: 0)) per second, p50 \(Text.duration(report.p50)), "
        + "p99 \(Text.duration(report.p99))"
    )
    terminal.write(line: "RESULT checkout.per_second=\(Text.decimal(report.perSecond, digits: 1))")
    terminal.write(line: "RESULT checkout.p99_ms=\(Text.decimal(report.p99 / .milliseconds(1), digits: 2))")
    terminal.write(line: "RESULT checkout.ratio_to_pgbench=\(Text.decimal(ratio, digits: 3))")
  }

  private func pgbench(_ local: LocalSuite) async throws -> Double {
    terminal.write(line: "Measuring pgbench …")
    let url = local.roles.server.url(database: "postgres")
    let database = Database(configuration: DatabaseConfiguration(connectionString: url))
    try await database.execute("CREATE DATABASE pgbench")
    await database.shutdown()
    let bench = PgBench(programs: try PostgresPrograms(), url: local.roles.server.url(database: "pgbench"))
    try await bench.prepare()
    return try await bench.measure(seconds: min(seconds, 15))
  }

  /// Of the highest rate that holds in short trials, what is offered for the whole time: tills do not queue at the edge
  /// of what the suite can do.
  private static let headroom = 0.8

  /// Looks for the highest rate that holds in short trials, and measures somewhat below it.
  private func measure(_ load: CheckoutLoad) async throws -> LoopReport {
    var search = RateSearch(first: 200)
    while let rate = search.next {
      let report = await trial(rate, .seconds(3), load)
      search.note(rate, held: report.holds(within: limit))
    }
    guard search.best > 0 else { throw SuiteError("No rate holds: the suite answers too slowly.") }
    var rate = search.best * Self.headroom
    while true {
      let report = await trial(rate, .seconds(seconds), load)
      if report.answered == report.offered || rate < 10 { return report }
      rate *= Self.headroom
    }
  }

  private func trial(_ rate: Double, _ duration: Duration, _ load: CheckoutLoad) async -> LoopReport {
    let report = await OpenLoop(rate: rate, duration: duration).run { _ in try await load.sell() }
    terminal.write(
      line: "  \(Text.decimal(rate, digits: 0))/s for \(Text.duration(duration)): "
        + "\(Text.count(report.answered)) of \(Text.count(report.offered)) answered, "
        + "p50 \(Text.duration(report.p50)), p99 \(Text.duration(report.p99))"
    )
    return report
  }
}
