import Foundation
import Logging
public import Postgres
public import RPC
public import ServiceKit

/// Migrates a service's schema.
public func migrate<Service: PatronService>(_ database: Database, _ service: Service.Type) async throws {
  guard let migrations = Service.migrations else { return }
  let migrator = try Migrator(database, schema: Service.name, directory: migrations, logger: quiet)
  try await migrator.apply()
}

/// Runs a service's calls and jobs on a port of its own during a test, and passes the test a channel to it.
public func serving<Service: PatronService, Result>(
  _ parts: ServiceParts,
  as service: Service.Type,
  _ body: (any ClientChannel) async throws -> Result
) async throws -> Result {
  let server = Server(
    configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
    services: parts.services,
    interceptors: StandardInterceptors.server(
      service: Service.name,
      metrics: PrometheusRegistry(),
      reasonCheck: DeclaredReasonCheck(parts) {
        fatalError("\($0) failed for \($1), which its proto does not declare")
      },
      logger: quiet
    ),
    logger: quiet
  )
  let addresses = try await server.start()
  let channel = try Channel(target: addresses[0].description, logger: quiet)
  let jobs = Task {
    await withDiscardingTaskGroup { group in
      for job in parts.jobs { group.addTask { await job.run(logger: quiet) } }
    }
  }
  func stop() async {
    jobs.cancel()
    await jobs.value
    await channel.close()
    await server.shutdown(grace: .zero)
  }
  do {
    let result = try await body(channel)
    await stop()
    return result
  } catch {
    await stop()
    throw error
  }
}

private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
