internal import Postgres

extension LocalSuite {
  /// Has the suite's PostgreSQL do what concerns the whole server, as its owner.
  func onServer(_ statement: SQL) async throws {
    let server = Database.forBenchmark(roles.server.url(database: "postgres"))
    try await server.execute(statement)
    await server.shutdown()
  }
}
