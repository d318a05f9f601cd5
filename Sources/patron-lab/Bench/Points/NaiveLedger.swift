import Foundation
import LocalSuite
import Postgres

/// What most systems do, driven by pgbench on tables of its own: one transaction a request, with the account's row locked
/// from reading it to the commit. The mix is that of ``PointsLoad``: 70% earn, 20% redeem, 10% read.
///
/// It does the same job: it looks whether the request came before, keeps lots in a table of their own, of which earning
/// adds to that of a day and redeeming takes from the soonest, and writes an entry with the balance after it. Prepared
/// statements; the calls and checks of a service around it are left out, in its favour.
struct NaiveLedger: Sendable {
  let programs: PostgresPrograms
  /// The URL of an empty database.
  let url: String
  let accounts: Int
  /// Where the scripts and pgbench's logs go.
  let folder: String

  /// What one run gave.
  struct Report: Sendable {
    var perSecond: Double
    var p50: Duration
    var p99: Duration
  }

  /// Makes the tables and fills them.
  func prepare() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, script) in Self.scripts { try Data(script.utf8).write(to: URL(filePath: "\(folder)/\(name).sql")) }
    let database = Database.forBenchmark(url)
    for statement in Self.tables { try await database.execute(statement) }
    try await database.execute(
      "INSERT INTO account SELECT number, 100000 FROM generate_series(1, \(Int64(accounts))) AS number"
    )
    try await database.execute("INSERT INTO lot SELECT account_id, 'infinity', balance FROM account")
    try await database.execute("ALTER TABLE account ADD PRIMARY KEY (account_id)")
    try await database.execute("ALTER TABLE lot ADD PRIMARY KEY (account_id, expires_on)")
    for table in ["account", "lot"] { try await database.execute("VACUUM ANALYZE \(identifier: table)") }
    try await database.execute("CHECKPOINT")
    await database.shutdown()
  }

  /// Runs with this number of connections, each with one request at a time.
  func measure(connections: Int, seconds: Int) async throws -> Report {
    let prefix = "\(folder)/log-\(connections)"
    let weights = [("earn", 70), ("redeem", 20), ("read", 10)]
    let command = Command(
      executable: programs.path(of: "pgbench"),
      arguments: [
        "--no-vacuum", "--client", "\(connections)", "--jobs", "2", "--protocol", "prepared", "--time", "\(seconds)",
        "--define", "accounts=\(accounts)", "--log", "--log-prefix", prefix, "--sampling-rate", "0.1",
      ] + weights.flatMap { ["--file", "\(folder)/\($0.0).sql@\($0.1)"] } + [url],
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    )
    let (status, output) = try await command.run()
    guard status == .code(0), let rate = PgBench.transactionsPerSecond(output) else {
      throw SuiteError("pgbench \(status):\n\(output.suffix(10).joined(separator: "\n"))")
    }
    let latencies = try Self.latencies(in: folder, prefix: "log-\(connections).")
    return Report(perSecond: rate, p50: Self.percentile(50, of: latencies), p99: Self.percentile(99, of: latencies))
  }

  /// The latencies in microseconds that pgbench logged, sorted. A line: client, number, latency, script, time.
  private static func latencies(in folder: String, prefix: String) throws -> [Int64] {
    var latencies: [Int64] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix(prefix) {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count > 2, let latency = Int64(words[2]) { latencies.append(latency) }
      }
    }
    return latencies.sorted()
  }

  private static func percentile(_ percent: Int, of sorted: [Int64]) -> Duration {
    sorted.isEmpty ? .zero : .microseconds(sorted[min(sorted.count - 1, sorted.count * percent / 100)])
  }

  private static let tables: [SQL] = [
    "CREATE TABLE account (account_id bigint NOT NULL, balance bigint NOT NULL CHECK (balance >= 0))",
    "CREATE TABLE lot (account_id bigint NOT NULL, expires_on date NOT NULL, remaining bigint NOT NULL CHECK (remaining >= 0))",
    """
    CREATE TABLE entry (
      request_id bigint PRIMARY KEY, account_id bigint NOT NULL, amount bigint NOT NULL, balance bigint NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT now())
    """,
    "CREATE INDEX entry_account ON entry (account_id, recorded_at)",
  ]

  private static let scripts = [
    "earn": change(
      "random(1, 500)",
      """
      INSERT INTO lot VALUES (:account, 'infinity', :amount)
        ON CONFLICT (account_id, expires_on) DO UPDATE SET remaining = lot.remaining + excluded.remaining;
      """
    ),
    // The opening lot is never used up, so the soonest one is enough for every redemption.
    "redeem": change(
      "-random(1, 100)",
      """
      UPDATE lot SET remaining = remaining + :amount WHERE account_id = :account AND expires_on = (
        SELECT expires_on FROM lot WHERE account_id = :account AND remaining > 0 ORDER BY expires_on LIMIT 1);
      """
    ),
    "read": """
    \\set account random(1, :accounts)
    SELECT balance FROM account WHERE account_id = :account;

    """,
  ]

  private static func change(_ amount: String, _ lots: String) -> String {
    """
    \\set account random(1, :accounts)
    \\set request random(1, 9223372036854775807)
    \\set amount \(amount)
    BEGIN;
    SELECT balance FROM account WHERE account_id = :account FOR UPDATE \\gset
    SELECT account_id FROM entry WHERE request_id = :request;
    INSERT INTO entry (request_id, account_id, amount, balance)
      VALUES (:request, :account, :amount, :balance::bigint + :amount);
    \(lots)
    UPDATE account SET balance = balance + :amount WHERE account_id = :account;
    COMMIT;

    """
  }
}
