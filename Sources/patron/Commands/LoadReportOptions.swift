import ArgumentParser
import Foundation
import TillSimulation

/// What becomes of a load's results.
struct LoadReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where loyalty's database is, to audit the ledger there: postgresql://role:password@host:port/database.",
      discussion: """
        Put it into the environment variable PATRON_LOYALTY_DATABASE_URL rather, where it holds a password. If neither is \
        given, the private PostgreSQL of --local is asked when the suite on this machine has the load, and else the points \
        service itself.
        """
    )
  )
  var database: String?

  @Option(help: "The folder of the suite that `patron up` runs on this machine.")
  var local = ".local"

  @Flag(help: "Check the seals of the ledger too, as `patron audit --chain` does: it takes longer.")
  var chain = false

  @Flag(help: "Don't check the ledger. Then there is no result either: exit code 2.")
  var skipVerdict = false

  @Option(help: "Write the report to this file, as JSON.")
  var json: String?

  @Option(help: "Write the report to this file, as an HTML page with plots.")
  var html: String?

  @Option(help: "Keep in this folder what was acknowledged, as records for an audit. Otherwise it goes with the run.")
  var journal: String?

  func validate() throws {
    for (name, path) in [("--json", json), ("--html", html)] {
      guard let path else { continue }
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      guard access(folder, W_OK) == 0 else { throw ValidationError("\(name): \(folder) can't be written to.") }
    }
    if skipVerdict, chain { throw ValidationError("--skip-verdict and --chain contradict each other.") }
    if skipVerdict, database != nil { throw ValidationError("--skip-verdict and --database contradict each other.") }
  }

  /// The database to ask, if any.
  ///
  /// - Parameter isLocal: Whether the load is put on the suite of this machine.
  func databaseURL(isLocal: Bool) throws -> String? {
    if let database { return database }
    let environment = ProcessInfo.processInfo.environment
    if let url = environment["PATRON_LOYALTY_DATABASE_URL"], !url.isEmpty { return url }
    guard isLocal, environment["PATRON_DATABASE_URL"] == nil else { return nil }
    return try LocalLedger.url(local)
  }

  /// Writes the files that were asked for.
  func write(_ report: LoadReport) throws {
    if let json { try report.json().write(to: URL(fileURLWithPath: json)) }
    if let html { try Data(LoadPage(report: report).html.utf8).write(to: URL(fileURLWithPath: html)) }
  }
}
