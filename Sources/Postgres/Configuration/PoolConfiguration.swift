/// How many connections a database object holds and how calls share them.
public struct PoolConfiguration: Sendable {
  /// Connections that are kept open even when nobody needs them. 1.
  public var minimumConnections: Int = 1

  /// The most connections at once, the one that listens for notifications not counted. 8: PostgreSQL does most work
  /// with few busy connections, and several copies of five services share its limit of 100.
  public var maximumConnections: Int = 8

  /// The most connections that transactions hold at once; nil means all but one, so that plain queries are never
  /// starved (all when there is only one connection).
  public var maximumTransactions: Int?

  /// How many plain queries may be on their way on one connection. 32 keeps the server busy over the time of a round
  /// trip; more would only make later ones wait behind earlier ones.
  public var queriesInFlightPerConnection: Int = 32

  /// A connection whose current statement has run longer than this gets no further queries until it ends. 5 ms.
  public var slowQueryThreshold: Duration = .milliseconds(5)

  /// How many calls may wait for a connection; one more fails at once with ``PostgresError/Kind/poolExhausted``.
  /// 16,384: about a second of peak work, a few megabytes.
  public var waitingLimit: Int = 16_384

  /// How long a call may wait for a connection before it fails with ``PostgresError/Kind/poolExhausted``, or
  /// ``PostgresError/Kind/connectionFailed`` when no connection can be made. 10 s.
  public var acquireTimeout: Duration = .seconds(10)

  /// How long a connection beyond the minimum may be idle before it is closed. 60 s.
  public var idleTimeout: Duration = .seconds(60)

  /// How old a connection may grow, less up to a tenth at random; then it is replaced. An hour bounds the memory a
  /// server process gathers and spreads connections over a changed set of servers.
  public var maximumAge: Duration = .seconds(3600)

  /// How long to wait before connecting again after failures.
  public var backoff = BackoffConfiguration()

  public init() {}

  /// The documented defaults.
  public static let defaults = PoolConfiguration()
}

/// How long to wait before connecting again: `base` × 2^failures up to `maximum`, of which between half and all at
/// random so that many clients of a restarted server do not come back at one moment.
public struct BackoffConfiguration: Sendable {
  /// The wait after the first failure. 100 ms.
  public var base: Duration = .milliseconds(100)

  /// The longest wait. 5 s.
  public var maximum: Duration = .seconds(5)

  public init() {}
}
