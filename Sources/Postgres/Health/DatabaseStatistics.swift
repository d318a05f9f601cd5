/// The state and the totals of a database object, for metrics and for debugging.
public struct DatabaseStatistics: Sendable, Hashable {
  /// Connections being established.
  public var connecting = 0
  /// Idle connections.
  public var idle = 0
  /// Connections that execute plain queries.
  public var busy = 0
  /// Connections that transactions hold.
  public var leased = 0
  /// Plain queries in flight.
  public var queriesInFlight = 0
  /// Calls waiting for a connection.
  public var waiting = 0

  /// How often a call got a connection, or a place on one.
  public var acquired = 0
  /// Answered requests, successful or not: statements, commits, parts of a COPY.
  public var requests = 0
  /// Failed requests.
  public var failures = 0
  /// Connections opened.
  public var connectionsOpened = 0
  /// Connections lost.
  public var connectionsLost = 0

  public init() {}

  /// Connections ready or in use.
  public var open: Int { idle + busy + leased }
}

extension Pool {
  /// Writes the current state into `statistics`.
  func count(into statistics: inout DatabaseStatistics) {
    statistics.connecting = 0
    statistics.idle = 0
    statistics.busy = 0
    statistics.leased = 0
    statistics.queriesInFlight = 0
    for slot in slots {
      switch slot.phase {
      case .connecting: statistics.connecting += 1
      case .leased: statistics.leased += 1
      case .shared(inFlight: 0): statistics.idle += 1
      case .shared(let inFlight):
        statistics.busy += 1
        statistics.queriesInFlight += inFlight
      }
    }
    statistics.waiting = waitingCount
  }
}

/// Whether a database can be used.
public enum DatabaseHealth: Sendable {
  /// A statement was answered in this time.
  case healthy(roundTrip: Duration)
  /// No statement was answered, for this reason.
  case unhealthy(PostgresError)

  /// Whether the database can be used.
  public var isHealthy: Bool {
    if case .healthy = self { true } else { false }
  }
}
