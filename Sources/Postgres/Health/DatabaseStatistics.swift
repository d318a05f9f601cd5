/// What a database object is doing and has done, for metrics and for people who look into a problem.
public struct DatabaseStatistics: Sendable, Hashable {
  /// Connections being made.
  public var connecting = 0
  /// Connections with nothing to do.
  public var idle = 0
  /// Connections that answer plain queries.
  public var busy = 0
  /// Connections that transactions hold.
  public var leased = 0
  /// Plain queries on their way.
  public var queriesInFlight = 0
  /// Calls that wait for a connection.
  public var waiting = 0

  /// Times a call was given a connection, or a place on one.
  public var acquired = 0
  /// Requests that were answered, well or badly: statements, commits, parts of a COPY.
  public var requests = 0
  /// Requests that failed.
  public var failures = 0
  /// Connections made.
  public var connectionsOpened = 0
  /// Connections that broke.
  public var connectionsLost = 0

  public init() {}

  /// Connections that are ready or in use.
  public var open: Int { idle + busy + leased }
}

extension Pool {
  /// Writes the present state into the statistics.
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
  /// A statement was answered, in this time.
  case healthy(roundTrip: Duration)
  /// It was not, for this reason.
  case unhealthy(PostgresError)

  /// Whether the database can be used.
  public var isHealthy: Bool {
    if case .healthy = self { true } else { false }
  }
}
