internal import Postgres

extension PointsMembers {
  /// Opens the accounts in a suite's ledger, shows on the terminal how that gets on, and has PostgreSQL write all of it to
  /// its files.
  ///
  /// - Parameter first: The first member that has no account yet.
  func fill(_ database: Database, of local: LocalSuite, from first: Int = 0, terminal: Terminal) async throws {
    let progress = ProgressReporter("Opening accounts", total: count - first, terminal: terminal)
    try await fill(database, from: first) { progress.advance(by: $0) }
    progress.finish()
    try await local.onServer("CHECKPOINT")
  }
}
