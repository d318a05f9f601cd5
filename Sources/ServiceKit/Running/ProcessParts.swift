import Logging
import Postgres
import RPC
import ServiceLifecycle

/// What everything stands on; stopped last.
struct FoundationPart: ServiceLifecycle.Service {
  let database: Database?
  let resources: ServiceResources
  let spans: SpanExporter?
  let admin: AdminServer

  func run() async throws {
    try? await gracefulShutdown()
    await resources.closeChannels()
    await database?.shutdown(grace: .seconds(5))
    await spans?.shutdown()
    await admin.stop()
  }
}

/// The jobs; stopped when no calls come any more.
struct JobsPart: ServiceLifecycle.Service {
  let jobs: [Job]
  let logger: Logger

  func run() async throws {
    await withTaskGroup { group in
      for job in jobs {
        group.addTask { [logger] in await job.run(logger: logger) }
      }
      try? await gracefulShutdown()
      group.cancelAll()
    }
  }
}

/// The server; stopped first: health says no, connections are asked to go, running calls finish.
struct ServerPart: ServiceLifecycle.Service {
  let server: Server
  let readiness: Readiness
  let drain: Drain
  let settings: DrainSettings
  let logger: Logger

  func run() async throws {
    try? await gracefulShutdown()
    SecondSignal.endAtOnce()
    logger.info("draining", metadata: ["grace": "\(settings.grace.settingText)", "calls": "\(server.load.calls)"])
    readiness.lost("drain", "the service is draining")
    try? await Task.sleep(for: settings.notice)
    drain.begin()
    await server.shutdown(grace: settings.grace)
  }
}
