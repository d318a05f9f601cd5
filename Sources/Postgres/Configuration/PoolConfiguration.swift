/// How many connections a database object holds and how calls share them.
public struct PoolConfiguration: Sendable {
  /// Connections that stay open when idle. 1.
  public var minimumConnections: Int = 1

  /// The greatest number of connections, without the one that listens for notifications. 8: PostgreSQL does most work
  /// with few busy connections, and several instances of five services share its limit of 100.
  public var maximumConnections: Int = 8

  /// The greatest number of connections that transactions hold at once. Nil means all but one, so that plain queries
  /// are never starved (all when there is only one connection).
  public var maximumTransactions: Int?

  /// How many plain queries may be in flight on one connection. 32 keeps the server busy during a round trip; more
  /// would only make later ones wait behind earlier ones.
  public var queriesInFlightPerConnection: Int = 32

  /// A connection whose current statement has run longer than this gets no more queries until the statement ends. 5 ms.
  public var slowQueryThreshold: Duration = .milliseconds(5)

  /// How many calls may wait for a connection. One more fails at once with ``PostgresError/Kind/poolExhausted``.
  /// 16,384: about a second of peak load, a few megabytes.
  public var waitingLimit: Int = 16_384

  /// How long a call may wait for a connection before it fails with ``PostgresError/Kind/poolExhausted``, or
  /// ``PostgresError/Kind/connectionFailed`` when no connection can be made. 10 s.
  public var acquireTimeout: Duration = .seconds(10)

  /// How long a connection beyond the minimum may be idle before it is closed. 60 s.
  public var idleTimeout: Duration = .seconds(60)

  /// The age at which a connection is replaced, less up to a tenth at random. An hour bounds the memory that a server
  /// process accumulates, and spreads connections over a changed set of servers.
  public var maximumAge: Duration = .seconds(3600)

  /// The pause before connecting again after failures.
  public var backoff = BackoffConfiguration()

  public init() {}

  /// The documented defaults.
  public static let defaults = PoolConfiguration()
}

/// The pause before connecting again: `base` × 2^failures up to `maximum`, of which between half and all at random, so
/// that the many clients of a restarted server do not reconnect at one moment.
public struct BackoffConfiguration: Sendable {
  /// The pause after the first failure. 100 ms.
  public var base: Duration = .milliseconds(100)

  /// The longest pause. 5 s.
  public var maximum: Duration = .seconds(5)

  public init() {}
}
