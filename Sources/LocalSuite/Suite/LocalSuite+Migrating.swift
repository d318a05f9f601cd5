import Foundation
import Logging
import Postgres

extension LocalSuite {
  /// Applies the migrations of all services, with PostgreSQL running for as long as that takes.
  package func migrate() async throws {
    defer { local.release() }
    let suite = try await databaseOnly()
    guard await suite.start() else { throw SuiteError("PostgreSQL did not start; see \(local.path(of: "logs")).") }
    do {
      for service in ServiceCatalogue.databaseOwners { try await migrate(service) }
    } catch {
      await suite.stop()
      _ = await suite.waitForEnd()
      throw error
    }
    await suite.stop()
    _ = await suite.waitForEnd()
  }

  private func migrate(_ service: String) async throws {
    // The bundles of the services' libraries lie beside the executables.
    let library = ServiceCatalogue.entry(of: service).library
    let bundle = "\(Self.executables)/patron_\(library).resources/migrations"
    let database = Database(
      configuration: DatabaseConfiguration(connectionString: roles.url(of: service)),
      logger: .silent
    )
    do {
      let migrator = try Migrator(
        database,
        schema: service,
        directory: URL(filePath: bundle, directoryHint: .isDirectory),
        logger: .silent
      )
      let applied = try await migrator.apply()
      console.say(applied.isEmpty ? "\(service): nothing to do" : "\(service): \(applied.count) migrations applied")
    } catch {
      await database.shutdown()
      throw SuiteError("Migrating \(service) failed: \(error)")
    }
    await database.shutdown()
  }
}
