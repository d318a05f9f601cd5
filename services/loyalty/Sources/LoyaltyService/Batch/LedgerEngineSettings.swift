public import ServiceKit

/// How requests are gathered into batches.
public struct LedgerEngineSettings: SettingsGroup {
  /// Database connections that batches are written over, each for its share of the lanes.
  public var connections: Int
  /// The most requests in one batch.
  public var batchMaximum: Int
  /// How many requests may wait in one lane; one more is refused.
  public var laneQueueMaximum: Int
  /// How long a request may wait for its turn before it is refused.
  public var waitMaximum: Duration
  /// When a refused caller may come back (`grpc-retry-pushback-ms`).
  public var retryAfter: Duration
  /// How long, when the service stops, what is still in line may go on being written.
  public var drainGrace: Duration

  /// The documented defaults: 2 connections, 500 requests, 1,024 a lane, 5 s, 250 ms, 5 s.
  public init() {
    connections = 2
    batchMaximum = 500
    laneQueueMaximum = 1_024
    waitMaximum = .seconds(5)
    retryAfter = .milliseconds(250)
    drainGrace = .seconds(5)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = LedgerEngineSettings()
    connections = settings.value(
      "ledger.connections",
      default: defaults.connections,
      in: 1...16,
      "Connections that batches are written over. Further ones are used when enough waits; more than four seldom help."
    )
    batchMaximum = settings.value(
      "ledger.batchMaximum",
      default: defaults.batchMaximum,
      in: 1...5_000,
      "The most requests in one batch; beyond 500 only the wait grows."
    )
    laneQueueMaximum = settings.value(
      "ledger.laneQueueMaximum",
      default: defaults.laneQueueMaximum,
      in: 1...1_000_000,
      "How many requests may wait in one of the 64 lanes; one more is RESOURCE_EXHAUSTED."
    )
    waitMaximum = settings.value(
      "ledger.waitMaximum",
      default: defaults.waitMaximum,
      in: .milliseconds(1) ... .seconds(3_600),
      "How long a request may wait for its turn before it is RESOURCE_EXHAUSTED."
    )
    retryAfter = settings.value(
      "ledger.retryAfter",
      default: defaults.retryAfter,
      in: .zero ... .seconds(60),
      "When a caller that was refused for want of room may come back."
    )
    drainGrace = settings.value(
      "ledger.drainGrace",
      default: defaults.drainGrace,
      in: .zero ... .seconds(300),
      "On SIGTERM, after calls have ended: how long what is still in line may go on being written before it fails."
    )
  }
}
