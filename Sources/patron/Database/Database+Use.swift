internal import Logging
internal import Postgres

extension Database {
  /// Connects by `configuration`, hands the database to `body`, and closes it, however that ends.
  static func use<Value>(
    _ configuration: DatabaseConfiguration,
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    let database = Database(configuration: configuration, logger: .silent)
    do {
      let value = try await body(database)
      await database.shutdown()
      return value
    } catch {
      await database.shutdown()
      throw error
    }
  }
}
