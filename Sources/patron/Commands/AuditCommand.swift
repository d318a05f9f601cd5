import ArgumentParser
import Basics
import Foundation
import LedgerAudit
import LocalSuite
import Postgres
import TillSimulation

/// Proves the points ledger from its tables.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Proves the ledger and members' purchases from their tables; names the first row that breaks a rule.",
    discussion: """
      Reads one consistent snapshot, at any time, while traffic runs, and writes nothing. Balances are the sum of their \
      entries and of their lots, every entry gives what another account gets, every request id is there once, orders, \
      reversals and events agree with the entries, and what is owed is the sum of the members' balances. Ends with \
      `verdict clean`, or with exit code 1, also if a rule could not be checked.

      Members' purchases and totals are compared with the ledger's orders, reversals and returns, as they were at the event up \
      to which members has followed the ledger; how many events are under way is reported.

      The ledger is that of the suite in the local folder, running or not, or of the server that PATRON_DATABASE_URL or \
      --database names, in its schema loyalty. Any role that may read that schema will do; purchases are compared if it may \
      read the schema members as well, and if they are not, that is reported.

      --chain also computes every hash by which the service has sealed the entries: it finds any entry that was changed, \
      removed or added afterwards. Keep the root that it prints elsewhere; --root proves later that the ledger still has it.

      Archived months count as part of the ledger. Where an archive was moved away, the sums that were carried for it stand \
      for its entries, and of seals that cover them only the number of entries is proven.

      --liability also prints what is owed, by the month in which it expires and the store that issued it.
      """
  )

  @Option(help: "The folder of the suite, with the private PostgreSQL and the passwords.")
  var local = ".local"

  @Option(help: "The URL of another PostgreSQL: postgresql://role:password@host:port/database.")
  var database: String?

  @Flag(help: "Check the seals too.")
  var chain = false

  @Option(help: "A daily root that was kept elsewhere, in hexadecimal. May be given several times; implies --chain.")
  var root: [String] = []

  @Flag(help: "Print what is owed to members.")
  var liability = false

  @Option(help: "The instant of the liability report, such as 2026-12-31T16:00:00Z or 2026-12-31T16:00:00.123456Z.")
  var asOf: String?

  @Option(help: "A file for the whole report as JSON.")
  var json: String?

  func validate() throws {
    if let asOf, Self.microseconds(asOf) == nil {
      throw ValidationError("--as-of must look like 2026-12-31T16:00:00Z.")
    }
    guard root.allSatisfy({ $0.count == 64 && $0.allSatisfy(\.isHexDigit) }) else {
      throw ValidationError("--root must be 64 hexadecimal digits.")
    }
  }

  func run() async throws {
    let terminal = Terminal.output
    let audit = LedgerAudit(
      checksChain: chain || !root.isEmpty,
      knownRoots: root,
      asOf: asOf.flatMap(Self.microseconds)
    )
    let report: AuditReport
    do {
      report = try await AuditDatabase.with(url: database, local: local, terminal: terminal) { database in
        try await audit.run(on: database, terminal: terminal)
      }
    } catch let error as PostgresError {
      terminal.write(line: "verdict could not be checked: \(error)")
      terminal.write(line: "RESULT audit.verdict=undecided")
      throw ExitCode.failure
    }
    if let json { try report.json().write(to: URL(fileURLWithPath: json), options: .atomic) }
    if liability {
      terminal.write(line: "Liability as of \(asOf ?? "now")")
      for line in report.liability.lines { terminal.write(line: "  \(line)") }
    }
    terminal.write(line: report.purchases.line)
    if let root = report.root { terminal.write(line: "latest root \(root)") }
    terminal.write(line: "verdict \(report.verdict)")
    for line in report.results { terminal.write(line: line) }
    if !report.isClean { throw ExitCode.failure }
  }

  /// The microseconds since 1970 of a time such as 2026-12-31T16:00:00.5Z; nil if it is none.
  static func microseconds(_ text: String) -> Int64? {
    text.wholeMatch(of: /[0-9T:-]+(\.[0-9]{1,6})?Z/) == nil ? nil : Instant(text)?.rawValue
  }
}
