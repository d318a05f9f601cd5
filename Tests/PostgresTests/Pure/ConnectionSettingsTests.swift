import Testing

@testable import Postgres

@Suite("Connection settings")
struct ConnectionSettingsTests {
  @Test("a refused connection's code is found in libpq's message")
  func code() {
    let line = #"connection to server on socket "/tmp/x" failed: FATAL:  3D000: database "x" does not exist"#
    #expect(Connector.sqlState(in: line) == .invalidCatalogName)
    #expect(Connector.sqlState(in: "connection to server at localhost, port 5432 failed: Connection refused") == nil)
  }

  @Test("a connection string that libpq cannot read is refused without repeating it")
  func invalidString() {
    let configuration = DatabaseConfiguration(connectionString: "password=secret hunter2")
    let error = #expect(throws: PostgresError.self) { _ = try ConnectionParameters(configuration) }
    #expect(error?.kind == .invalidUse)
    #expect(error.map { "\($0)".contains("hunter2") } == false)
  }

  @Test("a configuration does not show its password")
  func description() {
    let configuration = DatabaseConfiguration(connectionString: "postgres://me:hunter2@host/db")
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains("hunter2"))
  }

  @Test("the session's settings reach the server ahead of the connection string's own options")
  func options() throws {
    var configuration = DatabaseConfiguration(connectionString: "dbname=x options='-c work_mem=8MB'")
    configuration.session.searchPath = ["my schema", "public"]
    configuration.session.idleInTransactionTimeout = nil
    let parameters = try ConnectionParameters(configuration)
    let options = zip(parameters.keywords, parameters.values).first { $0.0 == "options" }?.1
    #expect(options == #"-c search_path="my\ schema","public" -c statement_timeout=35000 -c work_mem=8MB"#)
  }
}
