import Foundation
import LedgerAudit
import LocalSuite
import Logging
import Postgres
import RPC

/// All that is around the ledger and can break: PostgreSQL and the disk that it is on, two copies of loyalty, and their
/// connections.
final class Surroundings: Sendable {
  /// As many copies of loyalty as it takes to be in each other's way.
  static let copyCount = 2

  let volume: ScratchVolume
  let postgres: DisposablePostgres
  let copies: [LoyaltyCopy]
  let roles: ServiceRoles
  let console: SuiteConsole

  /// Makes everything in an empty folder and starts it.
  ///
  /// - Parameter executables: The folder of `loyalty`.
  init(folder: String, executables: String, terminal: Terminal) async throws {
    let outside = try LocalDirectory(folder)
    console = SuiteConsole(.files, terminal: terminal, local: outside)
    volume = try await ScratchVolume.make("\(folder)/cluster")
    do {
      let local = try LocalDirectory(volume.path)
      let passwords = try Passwords(in: local, roles: ServiceCatalogue.databaseOwners + [PrivateCluster.owner])
      let cluster = try PrivateCluster(in: local, passwords: passwords)
      _ = try await cluster.create()
      postgres = DisposablePostgres(cluster, console: console)
      let roles = ServiceRoles(server: cluster.server, passwords: passwords, logger: .silent)
      self.roles = roles
      copies = try (0..<Self.copyCount).map { [console] number in
        try LoyaltyCopy(number, folder: folder, executables: executables, roles: roles, console: console)
      }
    } catch {
      await volume.unmount()
      throw error
    }
  }

  /// Starts everything for the first time.
  func start() async throws {
    try await postgres.ensureRunning()
    try await roles.prepare(isPrivate: true)
    for copy in copies { try await copy.proxy.start() }
    // The first one makes the tables.
    for copy in copies { try await copy.ensureRunning() }
  }

  /// Puts right whatever a fault has broken, and returns when everything answers again.
  func mend() async throws {
    volume.free()
    for copy in copies { copy.proxy.release() }
    try await postgres.ensureRunning()
    for copy in copies where !copy.process.isRunning { try await copy.start() }
    for copy in copies { try await copy.ensureRunning() }
  }

  /// Runs statements as the owner of the database, by no proxy.
  func asOwner<Value>(_ body: (Database) async throws -> Value) async throws -> Value {
    try await on(DatabaseConfiguration(connectionString: roles.server.url()), body)
  }

  /// Runs statements that can only read the ledger, by no proxy.
  func asAuditor<Value>(_ body: (Database) async throws -> Value) async throws -> Value {
    try await on(AuditDatabase.configuration(roles.url(of: "loyalty")), body)
  }

  private func on<Value>(
    _ configuration: DatabaseConfiguration,
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    try await Database.use(configuration, grace: .seconds(1), graceAfterFailure: .zero, body)
  }

  /// Ends everything.
  ///
  /// - Parameter keeps: Whether the data is to stay.
  func close(keeps: Bool) async {
    volume.free()
    for copy in copies { await copy.close() }
    await postgres.stop()
    if !keeps { await volume.unmount() }
  }
}

/// The way to a service that comes and goes.
enum ChaosChannel {
  /// Connects again at once when the service is back.
  static func open(_ target: String) throws -> Channel {
    var configuration = ChannelConfiguration.defaults
    configuration.backoff = BackoffConfiguration(
      initial: .milliseconds(10),
      maximum: .milliseconds(100),
      minimumConnectTimeout: .seconds(1)
    )
    configuration.closeGrace = .zero
    return try Channel(target: target, configuration: configuration, logger: .silent)
  }
}

/// The function by which a batch fails if somebody else has changed what it was computed from.
enum LedgerGuard {
  /// Replaces it by one that always agrees. A suite that does not notice that is worth nothing.
  static func remove(_ database: Database) async throws {
    try await database.execute(
      """
      CREATE OR REPLACE FUNCTION loyalty.require_unchanged(is_unchanged boolean) RETURNS boolean LANGUAGE sql
      AS 'SELECT true'
      """
    )
  }
}
