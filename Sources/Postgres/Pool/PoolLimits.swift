/// The pool's settings in the units it calculates with.
struct PoolLimits: Sendable {
  var minimumConnections: Int
  var maximumConnections: Int
  var maximumLeases: Int
  var queriesInFlight: Int
  var slowQueryNanoseconds: Int64
  var waitingLimit: Int
  var idleNanoseconds: Int64
  var ageNanoseconds: Int64
  var backoff: BackoffConfiguration

  /// Takes the settings, moving those that make no sense to the nearest that do.
  init(_ configuration: PoolConfiguration) {
    maximumConnections = max(1, configuration.maximumConnections)
    minimumConnections = min(max(0, configuration.minimumConnections), maximumConnections)
    let allButOne = max(1, maximumConnections - 1)
    maximumLeases = min(max(1, configuration.maximumTransactions ?? allButOne), maximumConnections)
    queriesInFlight = max(1, configuration.queriesInFlightPerConnection)
    slowQueryNanoseconds = max(0, configuration.slowQueryThreshold.wholeNanoseconds)
    waitingLimit = max(1, configuration.waitingLimit)
    idleNanoseconds = max(0, configuration.idleTimeout.wholeNanoseconds)
    ageNanoseconds = max(0, configuration.maximumAge.wholeNanoseconds)
    backoff = configuration.backoff
  }
}
