import ArgumentParser
import LocalSuite

/// Applies the migrations of all services and ends.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Makes the database, roles and schemas if needed, and applies every service's migrations.",
    discussion: """
      Works on the private PostgreSQL of the local folder, or on the server that PATRON_DATABASE_URL names. `patron up` \
      does the same by itself.
      """
  )

  @Option(help: "The folder for the private PostgreSQL, passwords and logs.")
  var local = ".local"

  func run() async throws {
    let suite = try await LocalSuite(SuiteOptions(local: local, output: .files), terminal: .output)
    try await suite.migrate()
  }
}
