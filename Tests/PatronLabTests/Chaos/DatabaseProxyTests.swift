import Foundation
import Logging
import Postgres
import PostgresTestSupport
import Testing

@testable import LocalSuite
@testable import patron_lab

@Suite("A proxy before PostgreSQL", .timeLimit(.minutes(2)))
struct DatabaseProxyTests {
  /// A statement that the proxy takes for a batch's write.
  private static let write: SQL = "INSERT INTO written SELECT 1 /* require_unchanged( */"

  /// Runs a test with a database behind a proxy, and without one.
  private func with(
    _ body: (DatabaseProxy, _ through: Database, _ direct: Database) async throws -> Void
  ) async throws {
    let cluster = try await TestCluster.makePrivate()
    let direct = cluster.connectionString(database: "postgres")
    let host = try #require(direct.firstMatch(of: /host=(\S+)/)).output.1
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patron-proxy-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let proxy = DatabaseProxy(folder: folder, server: String(host), port: 5_432)
    try await proxy.start()
    let databases = [direct, direct.replacing(host, with: folder)].map { connectionString in
      var configuration = DatabaseConfiguration(connectionString: connectionString)
      configuration.pool.maximumConnections = 1
      return Database(configuration: configuration, logger: .silent)
    }
    try await databases[0].execute("CREATE TABLE written (number integer)")
    _ = try await databases[1].execute(Self.write)
    try await body(proxy, databases[1], databases[0])
    for database in databases { await database.shutdown(grace: .zero) }
    await proxy.stop()
  }

  private func count(_ database: Database) async throws -> Int64 {
    try await database.query("SELECT count(*) FROM written")[0].decode(column: 0)
  }

  /// Writes until a fault strikes.
  ///
  /// - Returns: How often it wrote, including the last time, and how that failed.
  private func strike(
    _ fault: BoundaryFault,
    _ proxy: DatabaseProxy,
    _ database: Database
  ) async throws -> (count: Int64, PostgresError) {
    let struck = Task { try await proxy.strike(fault) }
    var count: Int64 = 0
    while true {
      do {
        count += 1
        _ = try await database.execute(Self.write)
      } catch {
        _ = try await struck.value
        return (count, error)
      }
    }
  }

  @Test("passes everything on")
  func passes() async throws {
    try await with { _, through, direct in
      let counts = (try await count(through), try await count(direct))
      #expect(counts == (1, 1))
    }
  }

  @Test("a cut before the statement is sent leaves nothing behind")
  func before() async throws {
    try await with { proxy, through, direct in
      let before = try await count(direct)
      let place = BatchPlace(part: .writing, direction: .toServer, index: 0)
      let (written, error) = try await strike(BoundaryFault(place: place, act: .cut), proxy, through)
      #expect(error.kind == .outcomeUnknown)
      _ = try await through.execute(Self.write)
      #expect(try await count(direct) == before + written)
    }
  }

  @Test("a cut after the Sync loses the answer of a commit")
  func after() async throws {
    try await with { proxy, through, direct in
      let before = try await count(direct)
      let place = BatchPlace(part: .writing, direction: .toClient, index: 0)
      let (written, error) = try await strike(BoundaryFault(place: place, act: .cut), proxy, through)
      #expect(error.kind == .outcomeUnknown)
      #expect(try await count(direct) == before + written)
    }
  }

  @Test("counts what PostgreSQL refuses by its state")
  func refusals() async throws {
    try await with { proxy, through, _ in
      await #expect(throws: PostgresError.self) { try await through.execute("SELECT 1 / 0") }
      #expect(proxy.refusals("22012") == 1)
    }
  }
}
