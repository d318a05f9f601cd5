import Logging
import NIOCore
import Synchronization

/// One event loop's share of a channel: addresses, connections, the calls that wait and the deadlines of all. Confined to
/// its event loop, so nothing here needs a lock (nor a check of exclusive access on the path of each call); other threads
/// leave their requests in the inbox.
final class ChannelLane: @unchecked Sendable {
  let eventLoop: any EventLoop
  let configuration: ChannelConfiguration
  let requestHeaders: RequestHeaders
  private let gzipRefused = Atomic(false)
  /// The channel's, or slower where servers asked for it.
  var keepalive: ClientKeepalive
  /// How new connections are encrypted.
  let tls: TLSContexts?
  /// The name that the server's certificate must have.
  let serverName: String?
  /// Jitter.
  var random: InjectedRandom

  let logger: Logger
  private let inbox = LaneInbox()
  private var batch: [LaneInbox.Command] = []
  private let addresses: AddressSource
  @exclusivity(unchecked) private var balancer: any LoadBalancer
  @exclusivity(unchecked) private var subchannels: [SubchannelID: Subchannel] = [:]
  /// Removed by the balancer, and still running calls.
  private var removed: [Subchannel] = []
  @exclusivity(unchecked) private var waiting = WaitingCalls()
  private var isStartScheduled = false
  @exclusivity(unchecked) private var deadlines = DeadlineHeap<ClientCall>()
  @exclusivity(unchecked) private var deadlineTimer: (deadline: NIODeadline, scheduled: Scheduled<Void>)?
  @exclusivity(unchecked) private var runningCalls = 0
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
    random: InjectedRandom
  ) {
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.keepalive = configuration.keepalive
    self.requestHeaders = RequestHeaders(target: target, configuration: configuration)
    self.tls = tls
    serverName = configuration.tls?.serverName ?? target.serverName
    self.logger = logger
    self.random = random
    self.balancer = balancer
    self.addresses = AddressSource(
      target: target,
      resolver: resolver,
      backoff: configuration.backoff,
      eventLoop: eventLoop
    )
  }

  // MARK: Compression

  /// Whether the server's latest word was that it does not take gzip. For any thread.
  var isGzipRefused: Bool { gzipRefused.load(ordering: .relaxed) }

  /// An answer says whether the server takes gzip.
  func serverAcceptsGzip(_ accepts: Bool) { gzipRefused.store(!accepts, ordering: .relaxed) }

  // MARK: Requests of any thread

  /// Carries a request out now when called on the event loop, soon otherwise.
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
      if waiting.isEmpty, let connection = subchannels[id]?.connection, connection.capacity > 0 {
        connection.open(call)
      } else {
        enqueue(call)
      }
    case .wait:
      enqueue(call)
      exitIdle()
    case .fail(let error):
      if call.outgoing.waitForReady { enqueue(call) } else { call.fail(error) }
    }
  }

  private func enqueue(_ call: ClientCall) {
    if waiting.count < configuration.limits.waitingCalls {
      waiting.append(call)
    } else {
      let limit = configuration.limits.waitingCalls
      call.fail(RPCError(.resourceExhausted, .overloaded, "\(limit) calls wait for a connection already"))
    }
  }

  /// The call must start again on another stream. May be called from inside a session.
  func wait(_ call: ClientCall) {
    if closing != nil { return call.fail(Self.closedError) }
    enqueue(call)
    guard !isStartScheduled else { return }
    isStartScheduled = true
    eventLoop.execute {
      self.isStartScheduled = false
      self.startWaitingCalls()
    }
  }

  /// Starts as many waiting calls as there is room for, or fails those that do not want to wait.
  func startWaitingCalls() {
    while !waiting.isEmpty {
      switch balancer.pick() {
      case .use(let id):
        guard let connection = subchannels[id]?.connection, connection.capacity > 0 else { return }
        if let call = waiting.popFirst() { connection.open(call) }
      case .wait:
        return exitIdle()
      case .fail(let error):
        for call in waiting.removeAll(where: { !$0.outgoing.waitForReady }) { call.fail(error) }
        return
      }
    }
  }

  /// A call is over.
  func ended(_ call: ClientCall) {
    runningCalls -= 1
    waiting.noteEnded(call)
    deadlines.remove(call)
    if closing != nil { continueClosing() }
  }

  // MARK: Deadlines

  private func hold(_ call: ClientCall) {
    guard call.deadline != .distantFuture else { return }
    deadlines.insert(call)
    armDeadlineTimer()
  }

  /// One timer for all calls: it is set for the earliest deadline, and only ever brought forward, as most calls end long
  /// before theirs.
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
    addresses.startIfNeeded { [weak self] result in self?.resolved(result) }
    perform(balancer.exitIdle())
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

  /// A connection is gone, and its subchannel knows.
  func closedConnection() {
    removed.removeAll { !$0.hasConnections }
    if closing != nil { continueClosing() }
  }

  // MARK: Closing

  private static var closedError: RPCError {
    RPCError(.unavailable, .shuttingDown, "the channel is closed")
  }

  /// Takes no more calls, lets the running ones end for `grace` (nil: for as long as they take), then closes all
  /// connections. Calls that still wait for a connection fail at once.
  ///
  /// - Parameter promise: Succeeds when everything is gone.
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
      self.addresses.stop()
      for call in self.waiting.removeAll(where: { _ in true }) { call.fail(Self.closedError) }
      self.continueClosing()
    }
  }

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
