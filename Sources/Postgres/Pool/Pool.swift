import Basics

/// A call that can wait for a connection.
protocol PoolClient {
  /// The kind of connection that the call needs.
  var need: PoolNeed { get }
  /// Whether the call still waits. One that gave up is skipped.
  var isWaiting: Bool { get }
}

/// The kinds of need.
enum PoolNeed {
  /// A shared connection for one statement.
  case query
  /// An exclusive connection until it is released.
  case lease
}

/// Identifies one connection of a pool.
struct ConnectionID: Hashable, Sendable {
  var rawValue: Int
}

/// An action for the pool's owner.
enum PoolAction<Client> {
  /// Open a connection.
  case open(ConnectionID)
  /// Send a query on a shared connection.
  case send(Client, ConnectionID)
  /// Lease an exclusive connection to a client.
  case lease(Client, ConnectionID)
  /// Close an unused connection.
  case close(ConnectionID)
}

/// Decides which call uses which connection, and when connections are opened and closed.
///
/// Performs no I/O: events change the state, and ``nextAction(now:)`` returns actions until it returns nil. Callers
/// pass the time, and randomness as numbers from 0 to 1.
struct Pool<Client: PoolClient> {
  struct Slot {
    enum Phase: Equatable {
      case connecting
      /// Shared by queries, of which this many are in flight.
      case shared(inFlight: Int)
      case leased
    }

    let id: ConnectionID
    var phase: Phase
    /// Accepts nothing new while a statement on it is being cancelled, because the request could hit another one.
    var isPaused = false
    /// Accepts no more queries, so that a transaction gets it as soon as it is idle.
    var isReserved = false
    /// Accepts nothing new and is closed as soon as it is idle.
    var isDraining = false
    /// When the current statement began, or when the connection became idle.
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
  var retry: ConnectRetry
  var isShuttingDown = false
  private var lastID = 0

  init(limits: PoolLimits) {
    self.limits = limits
    retry = ConnectRetry(limits.backoff)
  }

  /// Why a call may not wait.
  enum Refusal: Error {
    case waitingLimit
    case shuttingDown
  }

  /// Queues a call for a connection.
  mutating func submit(_ client: Client) throws(Refusal) {
    if isShuttingDown { throw .shuttingDown }
    guard waitingCount < limits.waitingLimit else { throw .waitingLimit }
    switch client.need {
    case .query: queries.append(client)
    case .lease: leases.append(client)
    }
  }

  /// Records that a waiting call gave up. Precondition: its `isWaiting` is false.
  mutating func abandonWaiting(_ need: PoolNeed) {
    switch need {
    case .query: queries.abandonOne()
    case .lease: leases.abandonOne()
    }
  }

  /// How many calls wait.
  var waitingCount: Int { queries.count + leases.count }

  /// Removes and returns all waiting calls, because they cannot be served.
  mutating func takeWaiting() -> [Client] {
    queries.takeAll() + leases.takeAll()
  }

  /// Refuses new calls. Waiting ones are served, then everything is closed.
  mutating func shutDown() {
    isShuttingDown = true
  }

  /// Whether a shutdown is complete.
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

/// The pool's settings in the units of its calculations.
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

  /// Converts the settings and clamps invalid values to valid ones.
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
