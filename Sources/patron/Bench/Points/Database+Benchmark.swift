internal import Logging
internal import Postgres

extension Database {
  /// A database for filling and measuring: statements take as long as they take.
  static func forBenchmark(_ url: String) -> Database {
    var configuration = DatabaseConfiguration(connectionString: url)
    configuration.queryTimeout = .seconds(3_600)
    configuration.session.statementTimeout = nil
    return Database(configuration: configuration, logger: .silent)
  }
}
