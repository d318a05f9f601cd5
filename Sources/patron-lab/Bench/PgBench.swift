import Foundation
import LocalSuite

/// PostgreSQL's own benchmark: TPC-B-like transactions, prepared statements.
struct PgBench: Sendable {
  let programs: PostgresPrograms
  /// The URL of an empty database.
  let url: String

  /// Rows in the smallest table, times 100,000 in the largest. More than clients, so that they don't wait for each other.
  static let scale = 20
  static let clients = 16

  /// Makes the tables.
  func prepare() async throws {
    _ = try await run(["--initialize", "--quiet", "--scale", String(Self.scale)])
  }

  /// Transactions a second.
  func measure(seconds: Int) async throws -> Double {
    let output = try await run([
      "--client", String(Self.clients), "--jobs", "2", "--protocol", "prepared", "--time", String(seconds),
    ])
    guard let rate = Self.transactionsPerSecond(output) else { throw SuiteError("pgbench said no rate.") }
    return rate
  }

  /// Reads "tps = 1234.567 (without initial connection time)".
  static func transactionsPerSecond(_ output: [String]) -> Double? {
    for line in output where line.hasPrefix("tps = ") {
      return line.dropFirst(6).split(separator: " ").first.flatMap { Double($0) }
    }
    return nil
  }

  private func run(_ arguments: [String]) async throws -> [String] {
    let command = Command(
      executable: programs.path(of: "pgbench"),
      arguments: arguments + [url],
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    )
    let (status, output) = try await command.run()
    guard status == .code(0) else {
      throw SuiteError("pgbench \(status):\n\(output.suffix(10).joined(separator: "\n"))")
    }
    return output
  }
}
