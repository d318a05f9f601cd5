/// How a service's event log is kept and served.
public struct EventLogSettings: SettingsGroup {
  /// Most events in one response of a subscription.
  public var batchSize: Int
  /// Most bytes of events in one response, unless one event alone is larger.
  public var batchBytes: ByteCount
  /// How often a subscription looks for events that nobody announced.
  public var pollInterval: Duration
  /// How often an idle subscription sends a sign of life.
  public var heartbeatInterval: Duration
  /// Shortest time between two looks of one subscription into the log, so that a busy producer is read in batches.
  public var gatherInterval: Duration
  /// Shortest time between two announcements of one process.
  public var announceInterval: Duration
  /// How long events are kept; zero keeps them for ever.
  public var retention: Duration

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = EventLogSettings()
    batchSize = settings.value(
      "events.batchSize",
      default: defaults.batchSize,
      in: 1...10_000,
      shared: true,
      "Most events in one response."
    )
    batchBytes = settings.value(
      "events.batchBytes",
      default: defaults.batchBytes,
      in: ByteCount.kibibytes(1)...ByteCount.mebibytes(3),
      shared: true,
      "Most bytes of events in one response, unless one event alone is larger; callers take 4 MiB."
    )
    pollInterval = settings.value(
      "events.pollInterval",
      default: defaults.pollInterval,
      in: Duration.milliseconds(1)...Duration.seconds(600),
      shared: true,
      "How often subscriptions look for events that no announcement reported."
    )
    heartbeatInterval = settings.value(
      "events.heartbeatInterval",
      default: defaults.heartbeatInterval,
      in: Duration.milliseconds(10)...Duration.seconds(600),
      shared: true,
      "How often an idle subscription sends a sign of life."
    )
    gatherInterval = settings.value(
      "events.gatherInterval",
      default: defaults.gatherInterval,
      in: Duration.zero...Duration.seconds(60),
      shared: true,
      "Shortest time between two looks of a subscription into the log, so that a busy log is read in batches."
    )
    announceInterval = settings.value(
      "events.announceInterval",
      default: defaults.announceInterval,
      in: Duration.milliseconds(1)...Duration.seconds(60),
      shared: true,
      "Shortest time between two announcements (NOTIFY) of new events to the other copies of the service."
    )
    retention = settings.value(
      "events.retention",
      default: defaults.retention,
      in: Duration.zero...Duration.seconds(86_400 * 3650),
      shared: true,
      "How long events are kept; 0s keeps them for ever. Consumers that stay away longer must start anew."
    )
  }

  /// The documented defaults: batches of 200 or 1 MiB, a look every second, a sign of life every 5 s, 5 ms between looks, 50 ms
  /// between announcements (each costs the server a commit), kept for ever.
  public init() {
    batchSize = 200
    batchBytes = .mebibytes(1)
    pollInterval = .seconds(1)
    heartbeatInterval = .seconds(5)
    gatherInterval = .milliseconds(5)
    announceInterval = .milliseconds(50)
    retention = .zero
  }
}
