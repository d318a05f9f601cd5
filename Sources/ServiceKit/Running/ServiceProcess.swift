import Basics
import CommonProto
import CoreMetrics
import Foundation
import GRPCProto
import Logging
import Messages
import Postgres
import RPC
import ServiceLifecycle
import UnixSignals

/// One running service.
struct ServiceProcess<Service: PatronService>: Sendable {
  let settings: ServiceSettings<Service>
  let logger: Logger
  private let metrics = PrometheusRegistry()
  private let readiness = Readiness(missing: ["start": "the service is starting"])
  private let drain = Drain()

  init(settings: ServiceSettings<Service>, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  /// Starts everything, lowest first, and returns when all has been stopped, highest first.
  func run() async throws {
    MetricsSystem.bootstrap(metrics)
    ProcessMetrics.register(in: metrics)
    metrics.gauge("patron_ready") { [readiness] in readiness.isReady ? 1 : 0 }
    metrics.gauge("patron_degraded") { [readiness] in readiness.troubles.isEmpty ? 0 : 1 }
    let admin = AdminServer(metrics: metrics, readiness: readiness)
    let adminAddress = try await admin.start(on: settings.admin.listen)
    logger.info("starting", metadata: ["version": "\(ServiceRunner.version)", "admin": "\(adminAddress)"])

    let database = try await openDatabase()
    let spans = makeSpanExporter()
    let tracing = spans.map { Tracing(sampleRatio: settings.tracing.sampleRatio, recorder: $0) } ?? .off
    let resources = ServiceResources(
      service: Service.name,
      database: database,
      pages: PageTokens(
        key: try await PageTokenKey.find(settings: settings.page, database: database, random: .system),
        settings: settings.page
      ),
      metrics: metrics,
      readiness: readiness,
      eventLogSettings: settings.events,
      consumerSettings: settings.consumer,
      peerTLS: settings.peerTLS.client,
      tracing: tracing,
      logger: logger,
      requestTimes: settings.requestTimes,
      clock: settings.clock.clock
    )
    let parts = try await Service.assemble(resources, settings.own)
    let server = makeServer(parts, tracing: tracing)
    let addresses = try await server.start()
    readiness.found("start")
    let served = addresses.map(\.description).joined(separator: ", ")
    logger.info("\(Service.name) \(ServiceRunner.version) serves on \(served), admin on \(adminAddress)")
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          FoundationPart(database: database, resources: resources, spans: spans, admin: admin),
          JobsPart(jobs: parts.jobs + databaseJobs(resources), logger: logger),
          ServerPart(server: server, readiness: readiness, drain: drain, settings: settings.drain, logger: logger),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: quiet(logger)
      )
    )
    try await group.run()
  }

  /// Nil when no collector is set.
  private func makeSpanExporter() -> SpanExporter? {
    settings.tracing.target.map { target in
      SpanExporter(
        service: Service.name,
        target: target,
        tls: settings.tracing.isEncrypted ? settings.peerTLS.client : nil,
        settings: settings.tracing.export,
        metrics: metrics,
        logger: logger
      )
    }
  }

  private func makeServer(_ parts: ServiceParts, tracing: Tracing) -> Server {
    let names =
      parts.services.map { type(of: $0).serviceDescriptor.fullName } + parts.forwarded.map(\.descriptor.fullName)
    let health = HealthService(serviceNames: names, readiness: readiness)
    let own = [
      GrpcHealthV1.HealthMethods.service, GrpcReflectionV1.ServerReflectionMethods.service,
      GrpcReflectionV1alpha.ServerReflectionMethods.service,
    ]
    let files = FileDescriptors(
      joining: parts.services.map { type(of: $0).fileDescriptors } + parts.forwarded.map(\.fileDescriptors)
        + [.grpcProto, .commonProto]
    )
    let reflection = Reflection.services(files, serviceNames: names + own.map(\.fullName))
    var configuration = ServerConfiguration(
      addresses: settings.server.listen,
      eventLoopThreads: settings.server.eventLoopThreads,
      limits: settings.server.limits
    )
    configuration.limits.priorityByMethod = MethodPolicies.priorities(of: names, in: files)
    configuration.keepalive = settings.server.keepalive
    configuration.lifetime = settings.server.lifetime
    configuration.tls = settings.tls.server
    configuration.web = settings.web.configuration
    configuration.web?.pages = parts.pages
    return Server(
      configuration: configuration,
      services: parts.services + [health] + reflection,
      methods: parts.forwarded.flatMap(\.methods),
      interceptors: StandardInterceptors.server(
        service: Service.name,
        metrics: metrics,
        drain: drain,
        tracing: tracing,
        reasonCheck: DeclaredReasonCheck(parts, metrics: metrics, logger: logger),
        isAccessLogged: settings.logging.isAccessLogged,
        logger: logger
      ),
      logger: logger
    )
  }

  /// The group's own talk about each part says nothing to those who run the service.
  private func quiet(_ logger: Logger) -> Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .warning)
    return logger
  }
}

extension ServiceProcess {
  /// Waits for the database, however long it takes, and applies migrations.
  private func openDatabase() async throws -> Database? {
    guard let databaseSettings = settings.database, let migrations = Service.migrations else { return nil }
    readiness.lost("database", "the database has not answered yet")
    var configuration = databaseSettings.configuration(service: Service.name)
    configuration.session.searchPath = [Service.name]
    let database = Database(configuration: configuration, logger: logger, metrics: metrics)
    database.start()
    var wait = Duration.milliseconds(100)
    while true {
      do {
        try await migrate(database, migrations, applies: databaseSettings.isMigratedAtStart)
        readiness.found("database")
        return database
      } catch let error as PostgresError where Self.mayPass(error) {
        logger.warning("waiting for the database", metadata: ["error": "\(ErrorText.of(error))"])
        try await Task.sleep(for: wait)
        wait = min(wait * 2, .seconds(5))
      }
    }
  }

  private func migrate(_ database: Database, _ directory: URL, applies: Bool) async throws {
    let migrator = try Migrator(database, schema: Service.name, directory: directory, logger: logger)
    if applies {
      try await migrator.apply()
    } else {
      let missing = try await migrator.pending()
      guard missing.isEmpty else {
        throw PostgresError(
          .migration,
          "\(missing.count) migrations have not been applied, and database.migrate is false"
        )
      }
    }
  }

  /// Whether waiting may help: the server is not there, starting, full, or was restarted. Wrong files, roles and rights
  /// do not pass by themselves.
  private static func mayPass(_ error: PostgresError) -> Bool {
    switch error.kind {
    case .connectionFailed, .connectionLost, .outcomeUnknown, .deadlineExceeded, .poolExhausted: true
    case .server: error.commonReason == .databaseUnavailable
    default: false
    }
  }

  /// Readiness is lost while the database does not answer; old requests are removed.
  private func databaseJobs(_ resources: ServiceResources) -> [Job] {
    guard Service.migrations != nil else { return [] }
    let database = resources.database
    return [
      RequestRetention(database: database, times: resources.requestTimes).job,
      Job("watch the database", every: .seconds(1)) { [readiness] in
        if await database.health().isHealthy {
          readiness.found("database")
        } else if !Task.isCancelled {
          readiness.lost("database", "the database does not answer")
        }
      },
    ]
  }
}
