import Basics
import Logging
import NIOCore
import Synchronization

/// One event loop's share of a channel: its addresses, connections, waiting calls and deadlines. Confined to its event
/// loop, so nothing here needs a lock (nor a check of exclusive access on the path of each call). Other threads post
/// commands to the inbox.
final class ChannelLane: @unchecked Sendable {
  let eventLoop: any EventLoop
  let configuration: ChannelConfiguration
  let requestHeaders: RequestHeaders
  private let gzipRefused = Atomic(false)
  /// The channel's settings, or slower ones where servers required it.
  var keepalive: ClientKeepalive
  /// How new connections are encrypted.
  let tls: TLSContexts?
  /// The name that the server's certificate must have.
  let serverName: String?
  /// The service whose health decides whether an address gets calls. Nil: no health checks.
  let healthService: String?
  /// The source of jitter.
  var random: RandomSource
  /// The limits shared by all lanes of the channel.
  let repetition: RepetitionLimits

  let logger: Logger
  private let inbox = LaneInbox()
  private var batch: [LaneInbox.Command] = []
  private let addresses: AddressSource
  @exclusivity(unchecked) private var balancer: any LoadBalancer
  @exclusivity(unchecked) private var subchannels: [SubchannelID: Subchannel] = [:]
  /// Subchannels that the balancer removed and that still run calls.
  private var removed: [Subchannel] = []
  @exclusivity(unchecked) private var waiting = WaitingCalls()
  /// Calls with a timer for their next attempt.
  @exclusivity(unchecked) var pausingCalls: [ObjectIdentifier: ClientCall] = [:]
  private var isStartScheduled = false
  @exclusivity(unchecked) private var deadlines = DeadlineHeap<NIODeadline, ClientCall>()
  @exclusivity(unchecked) private var deadlineTimer: (deadline: NIODeadline, scheduled: Scheduled<Void>)?
  @exclusivity(unchecked) private var runningCalls = 0
  /// The timer of the idle timeout, nil while the lane is idle.
  @exclusivity(unchecked) private var idleness: Idleness?
  private var idleTimer: Scheduled<Void>?
  private var hasReportedMissingHealth = false
  @exclusivity(unchecked) private var closing: Closing?

  private struct Closing {
    var promises: [EventLoopPromise<Void>] = []
    var grace: Scheduled<Void>?
    var isDisconnected = false
  }

  init(
    eventLoop: any EventLoop,
    target: ChannelTarget,
    configuration: ChannelConfiguration,
    tls: TLSContexts?,
    logger: Logger,
    resolver: NameResolver,
    balancer: any LoadBalancer,
    random: RandomSource,
    repetition: RepetitionLimits? = nil
  ) {
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.keepalive = configuration.keepalive
    self.requestHeaders = RequestHeaders(target: target, configuration: configuration)
    self.tls = tls
    serverName = configuration.tls?.serverName ?? target.serverName
    let serviceConfig = configuration.serviceConfig
    // As in gRPC, pick_first checks no health, because it has no better address.
    healthService = serviceConfig.loadBalancing == .roundRobin ? serviceConfig.healthCheckService : nil
    self.logger = logger
    self.random = random
    self.repetition = repetition ?? RepetitionLimits(configuration)
    self.balancer = balancer
    self.addresses = AddressSource(
      target: target,
      resolver: resolver,
      backoff: configuration.backoff,
      configuration: configuration.resolution,
      eventLoop: eventLoop
    )
  }

  // MARK: Compression

  /// Whether the server's latest answer said that it does not accept gzip. Thread-safe.
  var isGzipRefused: Bool { gzipRefused.load(ordering: .relaxed) }

  /// Records whether the server accepts gzip.
  func serverAcceptsGzip(_ accepts: Bool) { gzipRefused.store(!accepts, ordering: .relaxed) }

  // MARK: Commands from any thread

  /// Executes a command: now on the event loop, soon on other threads.
  func submit(_ command: LaneInbox.Command) {
    if eventLoop.inEventLoop {
      perform(command)
    } else if inbox.post(command) {
      eventLoop.execute { self.performInbox() }
    }
  }

  private func performInbox() {
    var commands: [LaneInbox.Command] = []
    swap(&commands, &batch)
    inbox.take(into: &commands)
    for command in commands { perform(command) }
    commands.removeAll(keepingCapacity: commands.count <= 1024)
    swap(&commands, &batch)
  }

  private func perform(_ command: LaneInbox.Command) {
    switch command {
    case .start(let call): start(call)
    case .cancel(let call): call.cancel()
    case .grantCredit(let call, let bytes): call.grantCredit(bytes)
    case .sendRequests(let call): call.sendRequests()
    }
  }

  // MARK: Calls

  private func start(_ call: ClientCall) {
    runningCalls += 1
    idleness?.used()
    guard call.start() else { return }
    if closing != nil {
      call.fail(Self.closedError)
    } else if call.deadline != .distantFuture, call.isPastDeadline {
      call.expire()
    } else {
      hold(call)
      route(call)
    }
  }

  private func route(_ call: ClientCall) {
    switch balancer.pick() {
    case .use(let id):
      if waiting.isEmpty, let connection = connection(preferring: id) {
        connection.open(call)
      } else {
        enqueue(call)
      }
    case .wait:
      enqueue(call)
      exitIdle()
    case .fail(let error):
      if call.outgoing.waitForReady { enqueue(call) } else { call.failToStart(error) }
    }
  }

  private func enqueue(_ call: ClientCall) {
    if waiting.count < configuration.limits.waitingCalls {
      waiting.append(call)
    } else {
      let limit = configuration.limits.waitingCalls
      call.failToStart(RPCError(.resourceExhausted, .overloaded, "\(limit) calls wait for a connection already"))
    }
  }

  /// Queues a call that must start again on another stream. May be called from inside a session.
  func wait(_ call: ClientCall) {
    if isClosing { return call.failToStart(Self.closedError) }
    enqueue(call)
    guard !isStartScheduled else { return }
    isStartScheduled = true
    eventLoop.execute {
      self.isStartScheduled = false
      self.startWaitingCalls()
    }
  }

  /// Starts as many waiting calls as there is capacity for. Fails the others that do not want to wait.
  func startWaitingCalls() {
    while !waiting.isEmpty {
      switch balancer.pick() {
      case .use(let id):
        guard let connection = connection(preferring: id) else { return }
        if let call = waiting.popFirst() { connection.open(call) }
      case .wait:
        return exitIdle()
      case .fail(let error):
        for call in waiting.removeAll(where: { !$0.outgoing.waitForReady }) { call.failToStart(error) }
        return
      }
    }
  }

  /// Returns a connection with capacity: of the picked subchannel, or of a later one. When all are full, asks one of
  /// them to open another.
  private func connection(preferring id: SubchannelID) -> ClientConnection? {
    if let connection = subchannels[id]?.connectionWithCapacity { return connection }
    return connectionElsewhere(than: id)
  }

  private func connectionElsewhere(than id: SubchannelID) -> ClientConnection? {
    let others = max(0, balancer.choices - 1)
    for _ in 0..<others {
      if case .use(let other) = balancer.pick(), let connection = subchannels[other]?.connectionWithCapacity {
        return connection
      }
    }
    if subchannels[id]?.grow() == true { return nil }
    for _ in 0..<others {
      if case .use(let other) = balancer.pick(), subchannels[other]?.grow() == true { break }
    }
    return nil
  }

  /// Records that a call has ended.
  func ended(_ call: ClientCall) {
    runningCalls -= 1
    waiting.recordEnd(call)
    deadlines.remove(call)
    if closing != nil { continueClosing() }
  }

  /// Removes a call that needs no other stream.
  func stopWaiting(_ call: ClientCall) {
    waiting.recordEnd(call)
  }

  // MARK: Deadlines

  private func hold(_ call: ClientCall) {
    guard call.deadline != .distantFuture else { return }
    deadlines.insert(call, at: call.deadline)
    armDeadlineTimer()
  }

  /// Sets one timer for all calls to the earliest deadline. The timer is only ever brought forward, because most calls
  /// end long before their deadline.
  private func armDeadlineTimer() {
    guard let earliest = deadlines.earliest else { return }
    if let deadlineTimer {
      if deadlineTimer.deadline <= earliest { return }
      deadlineTimer.scheduled.cancel()
    }
    let scheduled = eventLoop.scheduleTask(deadline: earliest) { [weak self] in
      guard let self else { return }
      self.deadlineTimer = nil
      let now = NIODeadline.now()
      while let call = self.deadlines.popExpired(now: now) { call.expire() }
      self.armDeadlineTimer()
    }
    deadlineTimer = (earliest, scheduled)
  }

  // MARK: Addresses and subchannels

  private func exitIdle() {
    guard closing == nil else { return }
    stayAwake()
    addresses.startIfNeeded { [weak self] result in self?.resolved(result) }
    perform(balancer.exitIdle())
    // When every address pauses after its last failure, nothing is in progress that the calls could wait for.
    if balancer.state == .transientFailure { startWaitingCalls() }
  }

  /// Starts the idle timeout.
  private func stayAwake() {
    guard idleness == nil, let period = configuration.idleTimeout else { return }
    idleness = Idleness(period: period, now: eventLoop.now)
    armIdleTimer()
  }

  private func armIdleTimer() {
    guard let next = idleness?.nextCheck(after: eventLoop.now) else { return }
    idleTimer = eventLoop.scheduleTask(deadline: next) { [weak self] in self?.checkIdleness() }
  }

  private func checkIdleness() {
    guard closing == nil else { return }
    if idleness?.check(now: eventLoop.now, hasCalls: runningCalls > 0) == true {
      idleness = nil
      logger.debug("idle: the connections are closed")
      addresses.suspend()
      perform(balancer.enterIdle())
    } else {
      armIdleTimer()
    }
  }

  /// Logs that a server has no health service. Once, because all servers usually run the same program.
  func reportMissingHealth(of peer: String) {
    guard !hasReportedMissingHealth else { return }
    hasReportedMissingHealth = true
    logger.error(
      "health checking is configured, but the server has no health service: it counts as healthy",
      metadata: ["address": "\(peer)"]
    )
  }

  private func resolved(_ result: Result<[SocketAddress], RPCError>) {
    guard closing == nil else { return }
    switch result {
    case .success(let list):
      perform(balancer.update(addresses: list))
    case .failure(let error):
      balancer.resolutionFailed(error)
    }
    startWaitingCalls()
  }

  func subchannel(_ id: SubchannelID, is update: SubchannelUpdate) {
    guard closing == nil else { return }
    perform(balancer.subchannel(id, is: update))
    startWaitingCalls()
  }

  private func perform(_ actions: [LoadBalancerAction]) {
    for action in actions {
      switch action {
      case .create(let id, let address):
        subchannels[id] = Subchannel(id: id, address: address, lane: self)
      case .connect(let id):
        subchannels[id]?.connect()
      case .disconnect(let id):
        subchannels[id]?.disconnect()
      case .remove(let id):
        guard let subchannel = subchannels.removeValue(forKey: id) else { continue }
        subchannel.shutDown()
        if subchannel.hasConnections { removed.append(subchannel) }
      case .resolve:
        addresses.refresh()
      }
    }
  }

  /// Handles the end of a connection after its subchannel has.
  func closedConnection() {
    removed.removeAll { !$0.hasConnections }
    if closing != nil { continueClosing() }
  }

  // MARK: Closing

  private static var closedError: RPCError {
    RPCError(.unavailable, .shuttingDown, "the channel is closed")
  }

  /// Refuses new calls, lets running ones continue for `grace` (nil: without limit), then closes all connections. Calls
  /// that wait for a connection fail at once.
  ///
  /// - Parameter promise: Succeeds when everything is closed.
  func close(grace: Duration?, promise: EventLoopPromise<Void>?) {
    eventLoop.execute {
      var closing = self.closing ?? Closing()
      if let promise { closing.promises.append(promise) }
      if let grace, closing.grace == nil {
        closing.grace = self.eventLoop.scheduleTask(in: TimeAmount(grace)) {
          for subchannel in self.allSubchannels { subchannel.cancelAll(Self.closedError) }
        }
      }
      self.closing = closing
      self.idleTimer?.cancel()
      self.addresses.stop()
      for call in self.waiting.removeAll(where: { _ in true }) { call.failToStart(Self.closedError) }
      for call in self.pausingCalls.values where call.machine.state == .pausing { call.fail(Self.closedError) }
      self.continueClosing()
    }
  }

  var isClosing: Bool { closing != nil }

  private var allSubchannels: [Subchannel] { Array(subchannels.values) + removed }

  private func continueClosing() {
    guard runningCalls == 0, var closing else { return }
    if !closing.isDisconnected {
      closing.isDisconnected = true
      self.closing = closing
      for subchannel in allSubchannels { subchannel.shutDown() }
    }
    guard allSubchannels.allSatisfy({ !$0.hasConnections }) else { return }
    subchannels = [:]
    removed = []
    closing.grace?.cancel()
    deadlineTimer?.scheduled.cancel()
    deadlineTimer = nil
    let promises = closing.promises
    self.closing?.promises = []
    for promise in promises { promise.succeed() }
  }
}
