/// A call that can wait for a connection.
protocol PoolClient {
  /// What the call needs.
  var need: PoolNeed { get }
  /// Whether it still waits; one that gave up is skipped.
  var isWaiting: Bool { get }
}

/// What a call needs of a connection.
enum PoolNeed {
  /// One statement among others.
  case query
  /// The connection for itself, until it gives it back.
  case lease
}

/// Names one connection of a pool.
struct ConnectionID: Hashable, Sendable {
  var rawValue: Int
}

/// What the pool wants done.
enum PoolAction<Client> {
  /// Make a connection.
  case open(ConnectionID)
  /// Send a query on a connection it shares with others.
  case send(Client, ConnectionID)
  /// Give a client a connection for itself.
  case lease(Client, ConnectionID)
  /// Close a connection that nobody uses.
  case close(ConnectionID)
}

/// Decides which call uses which connection, when connections are made and when they are closed.
///
/// Pure: events change the state, ``nextAction(now:)`` tells what to do about it, again and again until it returns nil.
/// Time comes in with each call, randomness as numbers from 0 to 1.
struct Pool<Client: PoolClient> {
  struct Slot {
    enum Phase: Equatable {
      case connecting
      /// Open to queries of many; the number on their way.
      case shared(inFlight: Int)
      case leased
    }

    let id: ConnectionID
    var phase: Phase
    /// Takes nothing new while a statement on it is being cancelled: the request could hit the wrong one.
    var isPaused = false
    /// Takes no more queries, so that a transaction gets it as soon as it is idle.
    var isReserved = false
    /// Takes nothing new; closed as soon as it is idle.
    var isDraining = false
    /// When the statement now running began, or when the connection became idle.
    var since: Moment
    var expires = Moment(nanoseconds: .max)

    var inFlight: Int {
      if case .shared(let inFlight) = phase { inFlight } else { 0 }
    }

    var isShared: Bool {
      if case .shared = phase { true } else { false }
    }

    var isIdle: Bool { phase == .shared(inFlight: 0) && !isPaused }
  }

  let limits: PoolLimits
  var slots: [Slot] = []
  var queries = WaitQueue<Client>()
  var leases = WaitQueue<Client>()
  var backoff: Backoff
  var isShuttingDown = false
  private var lastID = 0

  init(limits: PoolLimits) {
    self.limits = limits
    backoff = Backoff(limits: limits.backoff)
  }

  /// Why a call is not even let in to wait.
  enum Refusal: Error {
    case waitingLimit
    case shuttingDown
  }

  /// A call asks for a connection.
  mutating func submit(_ client: Client) throws(Refusal) {
    if isShuttingDown { throw .shuttingDown }
    guard waitingCount < limits.waitingLimit else { throw .waitingLimit }
    switch client.need {
    case .query: queries.append(client)
    case .lease: leases.append(client)
    }
  }

  /// A waiting call gave up; its `isWaiting` is false already.
  mutating func abandonWaiting(_ need: PoolNeed) {
    switch need {
    case .query: queries.abandonOne()
    case .lease: leases.abandonOne()
    }
  }

  /// How many calls wait.
  var waitingCount: Int { queries.count + leases.count }

  /// Everything that waits, taken out because it is hopeless.
  mutating func takeWaiting() -> [Client] {
    queries.takeAll() + leases.takeAll()
  }

  /// Refuses new calls; those already in are still served, then everything is closed.
  mutating func shutDown() {
    isShuttingDown = true
  }

  /// Whether a shutdown has nothing left to wait for.
  var isDrained: Bool { isShuttingDown && slots.isEmpty && waitingCount == 0 }

  mutating func makeSlot(now: Moment) -> ConnectionID {
    lastID += 1
    let id = ConnectionID(rawValue: lastID)
    slots.append(Slot(id: id, phase: .connecting, since: now))
    return id
  }

  func index(of id: ConnectionID) -> Int? {
    slots.firstIndex { $0.id == id }
  }
}

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
