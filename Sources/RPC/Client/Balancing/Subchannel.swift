import Logging
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One address of a lane: connects, pauses after failures, owns its connections, and follows its health if configured.
/// Confined to the event loop.
final class Subchannel: ClientConnectionOwner {
  let id: SubchannelID
  private let address: SocketAddress
  /// Strong on purpose: a lane lives until it is closed, which releases its subchannels.
  private let lane: ChannelLane
  private var machine: SubchannelStateMachine
  /// Connections for new calls, oldest first. Calls prefer older ones, so that younger ones become empty.
  @exclusivity(unchecked) private var connections: [ClientConnection] = []
  /// The connection being established.
  private var attempt: ClientConnection?
  /// Connections that accept no more calls but still run some.
  private var retired: [ClientConnection] = []
  private var health: HealthWatch?
  private var attemptStart = NIODeadline.now()
  private var attemptTimer: Scheduled<Void>?
  private var pauseTimer: Scheduled<Void>?

  init(id: SubchannelID, address: SocketAddress, lane: ChannelLane) {
    self.id = id
    self.address = address
    self.lane = lane
    self.machine = SubchannelStateMachine(
      backoff: lane.configuration.backoff,
      connectionsMaximum: lane.configuration.limits.connectionsPerAddressMaximum
    )
    if let service = lane.healthService {
      health = HealthWatch(service: service, peer: address.text, lane: lane) { [weak self] update in
        guard let self else { return }
        self.lane.subchannel(self.id, is: update)
      }
    }
  }

  /// Whether any socket of this address is open.
  var hasConnections: Bool { attempt != nil || !connections.isEmpty || !retired.isEmpty }

  /// A connection that can start a call now.
  var connectionWithCapacity: ClientConnection? {
    var index = 0
    while index < connections.count {
      if connections[index].capacity > 0 { return connections[index] }
      index += 1
    }
    return nil
  }

  // MARK: Called by the lane

  func connect() {
    if machine.connect() { startAttempt(idleTimeout: nil) }
  }

  /// Establishes one more connection if allowed. Returns false when none is being established.
  func grow() -> Bool {
    if machine.grow() {
      log(.debug, "calls wait: connecting once more")
      startAttempt(idleTimeout: lane.configuration.surplusIdleTimeout)
    }
    return machine.isAttempting
  }

  private func startAttempt(idleTimeout: Duration?) {
    pauseTimer?.cancel()
    attemptStart = .now()
    let connection = ClientConnection(
      peer: address.text,
      limits: lane.configuration.limits,
      life: ConnectionLife(keepalive: lane.keepalive, idleTimeout: idleTimeout),
      requestHeaders: lane.requestHeaders,
      owner: self
    )
    attempt = connection
    let timeout = TimeAmount(lane.configuration.backoff.minimumConnectTimeout)
    let handler = NIOLoopBound(connection, eventLoop: lane.eventLoop)
    let (tls, serverName) = (lane.tls, lane.serverName)
    let socket = ClientBootstrap(group: lane.eventLoop)
      .connectTimeout(timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            let encryption = try NIOSSLClientHandler(context: try tls.current(), serverHostname: serverName)
            try channel.pipeline.syncOperations.addHandler(encryption)
            if let serverName { try channel.pipeline.syncOperations.addHandler(ServerNameCheck(serverName)) }
          }
          try channel.pipeline.syncOperations.addHandler(handler.value)
        }
      }
      .connect(to: address)
    socket.assumeIsolated().whenFailure { self.failed(connection, Self.connectError(self.address, $0)) }
    attemptTimer = lane.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
      self.failed(connection, Self.connectError(self.address, ConnectTimeout()))
    }
  }

  /// Closes the connections when their calls have ended. The address may be connected again.
  func disconnect() {
    if machine.abandonAttempt() {
      attemptTimer?.cancel()
      let abandoned = attempt
      attempt = nil
      abandoned?.abandon()
    }
    for connection in connections { connection.retire() }
  }

  /// Closes the connections when their calls have ended, permanently.
  func shutDown() {
    disconnect()
    pauseTimer?.cancel()
    health?.follow(nil)
    machine.shutDown()
  }

  func cancelAll(_ error: RPCError) {
    for connection in retired + connections { connection.cancelAll(error) }
  }

  // MARK: Called by connections

  func connectionIsReady(_ connection: ClientConnection) {
    guard connection === attempt else { return }
    attempt = nil
    attemptTimer?.cancel()
    switch machine.connected() {
    case .unwanted:
      connection.abandon()
    case .grew:
      log(.debug, "connected once more")
      connections.append(connection)
    case .becameReady:
      log(.debug, "connected")
      connections.append(connection)
      // With health checks, the health decides instead.
      if let health { health.follow(connection) } else { lane.subchannel(id, is: .ready) }
    }
  }

  func connectionHasCapacity(_ connection: ClientConnection) {
    lane.startWaitingCalls()
  }

  func connectionIsUnused(_ connection: ClientConnection) {
    // The last one stays until the whole channel is idle.
    guard connections.count > 1, connection !== connections.first else { return }
    connection.retire()
  }

  func connectionRetired(_ connection: ClientConnection) {
    guard remove(connection) else { return }
    retired.append(connection)
    log(.debug, "the connection takes no more calls")
    lostOne()
  }

  func connectionPingedTooOften(_ connection: ClientConnection, keepalive: ClientKeepalive) {
    lane.keepalive.slowDown(from: keepalive)
    log(.warning, "the server finds keepalive PINGs too many; the time between them is doubled")
  }

  func connectionClosed(_ connection: ClientConnection, error: RPCError) {
    retired.removeAll { $0 === connection }
    if remove(connection) {
      log(.info, "connection lost", error)
      lostOne()
    } else {
      failed(connection, error)
    }
    lane.closedConnection()
  }

  /// Removes a connection for new calls. Returns false when it was none.
  private func remove(_ connection: ClientConnection) -> Bool {
    guard let index = connections.firstIndex(where: { $0 === connection }) else { return false }
    connections.remove(at: index)
    return true
  }

  private func lostOne() {
    let wasLast = machine.lostConnection()
    health?.follow(connections.first)
    if wasLast { lane.subchannel(id, is: .idle) }
  }

  private func failed(_ connection: ClientConnection, _ error: RPCError) {
    guard connection === attempt else { return }
    attempt = nil
    attemptTimer?.cancel()
    connection.abandon()
    let elapsed = Duration(.now() - attemptStart)
    guard let failure = machine.failed(elapsed: elapsed, using: &lane.random) else { return }
    pauseTimer?.cancel()
    pauseTimer = lane.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(failure.pause)) { self.pauseEnded() }
    log(.info, "connecting failed", error)
    if failure.leavesNone { lane.subchannel(id, is: .failed(error)) }
  }

  private func pauseEnded() {
    switch machine.pauseEnded() {
    case .none: break
    case .becameIdle: lane.subchannel(id, is: .idle)
    case .mayGrow: lane.startWaitingCalls()
    }
  }

  private func log(_ level: Logger.Level, _ message: Logger.Message, _ error: RPCError? = nil) {
    lane.logger.log(
      level: level,
      message,
      metadata: ["address": "\(address.text)", "error": "\(error?.message ?? "")"]
    )
  }

  private struct ConnectTimeout: Error, CustomStringConvertible {
    var description: String { "no HTTP/2 connection was established in time" }
  }

  private static func connectError(_ address: SocketAddress, _ cause: any Error) -> RPCError {
    let reason =
      if let cause = cause as? IOError { String(cString: strerror(cause.errnoCode)) } else { "\(cause)" }
    return RPCError(.unavailable, .connectionFailed, "connecting to \(address.text) failed: \(reason)", cause: cause)
  }
}

extension SocketAddress {
  /// The address as written in a target: `127.0.0.1:50051`, `[::1]:50051` or a path.
  fileprivate var text: String {
    guard let ipAddress, let port else { return pathname ?? "\(self)" }
    return ChannelTarget.HostPort(host: ipAddress, port: port).authority
  }
}
