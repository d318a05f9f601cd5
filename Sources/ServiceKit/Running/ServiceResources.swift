public import Basics
public import Logging
public import Messages
public import Postgres
public import RPC
import Synchronization

/// What a service is put together from.
public final class ServiceResources: Sendable {
  /// The service's name.
  public let service: String
  /// The service's own logger.
  public let logger: Logger
  /// The time of day.
  public let clock: WallClock
  /// Random numbers.
  public let random: RandomSource
  /// Mints ids for entities and events.
  public let ids: UUIDv7Generator
  /// Which times requests may carry.
  public let requestTimes: RequestTimes
  /// Makes and checks page tokens.
  public let pages: PageTokens
  /// What the process measures.
  public let metrics: PrometheusRegistry
  /// What `/readyz` says.
  public let readiness: Readiness
  /// How the service's event log is kept and served.
  public let eventLogSettings: EventLogSettings
  /// How it follows the event logs of others.
  public let consumerSettings: EventConsumerSettings

  private let peerTLS: ClientTLS?
  private let tracing: Tracing
  private let ownDatabase: Database?
  private let channels = Mutex<[Channel]>([])

  init(
    service: String,
    database: Database?,
    pages: PageTokens,
    metrics: PrometheusRegistry,
    readiness: Readiness = Readiness(),
    eventLogSettings: EventLogSettings,
    consumerSettings: EventConsumerSettings,
    peerTLS: ClientTLS? = nil,
    tracing: Tracing = .off,
    logger: Logger,
    requestTimes: RequestTimeSettings = RequestTimeSettings(),
    clock: WallClock = .system,
    random: RandomSource = .system
  ) {
    self.service = service
    ownDatabase = database
    self.pages = pages
    self.metrics = metrics
    self.readiness = readiness
    self.eventLogSettings = eventLogSettings
    self.consumerSettings = consumerSettings
    self.peerTLS = peerTLS
    self.tracing = tracing
    self.logger = logger
    self.requestTimes = RequestTimes(requestTimes, clock: clock)
    self.clock = clock
    self.random = random
    ids = UUIDv7Generator(clock: clock, random: random)
  }

  /// The service's database; only for services that have migrations.
  public var database: Database {
    guard let ownDatabase else { preconditionFailure("the service \(service) has no migrations and so no database") }
    return ownDatabase
  }

  /// A channel to another service, spread over its instances. Calls on it carry the trace and the caller's identity, are
  /// measured, and end with the peer's time limit or the remaining time of the call being served, whichever is sooner.
  ///
  /// - Parameters:
  ///   - service: The full name of the other service, whose policies in `files` say which reads are hedged.
  ///   - files: The files that declare it.
  /// - Throws: ``RPC/ChannelTarget/ParseError`` when the address cannot be understood.
  public func channel(
    to peer: PeerSettings,
    service: String? = nil,
    files: FileDescriptors? = nil
  ) throws -> any ClientChannel {
    let channel = try Channel(
      target: peer.address,
      configuration: ChannelConfiguration(tls: peerTLS, serviceConfig: PeerServiceConfig.make(service, files)),
      interceptors: [
        PeerGuard(peer, factory: metrics), tracing.clientInterceptor, MetricsClientInterceptor(factory: metrics),
        CallerIdentityClientInterceptor(service: self.service),
      ],
      logger: logger
    )
    channels.withLock { $0.append(channel) }
    return PeerChannel(channel: channel, timeout: peer.timeout)
  }

  /// Idempotent mutations under the service's `ErrorInfo.domain`.
  public func idempotency(domain: String, events: EventLog? = nil) -> Idempotency {
    Idempotency(database: database, domain: domain, events: events)
  }

  /// Closes the channels to other services, when nothing calls them any more.
  public func closeChannels() async {
    let open = channels.withLock { channels in
      defer { channels = [] }
      return channels
    }
    for channel in open { await channel.close() }
  }

  /// Resources for tests, without a process: nothing is logged unless `logger` is given, tokens are sealed with a fixed key.
  public static func forTesting(
    service: String = "test",
    database: Database? = nil,
    requestTimes: RequestTimeSettings = .forTesting(),
    clock: WallClock = .system,
    random: RandomSource = .system,
    logger: Logger? = nil
  ) -> ServiceResources {
    var events = EventLogSettings()
    events.announceInterval = .milliseconds(1)
    return ServiceResources(
      service: service,
      database: database,
      pages: PageTokens(key: Array(repeating: 7, count: PageTokenKey.byteCount)),
      metrics: PrometheusRegistry(),
      eventLogSettings: events,
      consumerSettings: EventConsumerSettings(),
      logger: logger ?? Logger(label: service, factory: { _ in SwiftLogNoOpLogHandler() }),
      requestTimes: requestTimes,
      clock: clock,
      random: random
    )
  }
}
