import Logging
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One address of a lane: connects to it, pauses after failures, and holds its connection. Confined to the event loop.
final class Subchannel: ClientConnectionOwner {
  let id: SubchannelID
  private let address: SocketAddress
  /// Strong on purpose: a lane lives until it was closed, which lets go of its subchannels.
  private let lane: ChannelLane
  private var machine: SubchannelStateMachine
  /// The connection that calls may use, or the one that is being made.
  private(set) var connection: ClientConnection?
  /// Those that take no more calls but still run some.
  private var retired: [ClientConnection] = []
  private var attemptStart = NIODeadline.now()
  private var timer: Scheduled<Void>?

  init(id: SubchannelID, address: SocketAddress, lane: ChannelLane) {
    self.id = id
    self.address = address
    self.lane = lane
    self.machine = SubchannelStateMachine(backoff: lane.configuration.backoff)
  }

  /// Whether any socket of this address is open.
  var hasConnections: Bool { connection != nil || !retired.isEmpty }

  // MARK: Asked by the lane

  func connect() {
    guard machine.connect() else { return }
    attemptStart = .now()
    let connection = ClientConnection(
      peer: address.text,
      limits: lane.configuration.limits,
      life: ConnectionLife(keepalive: lane.keepalive, idleTimeout: lane.configuration.idleTimeout),
      requestHeaders: lane.requestHeaders,
      owner: self
    )
    self.connection = connection
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
          }
          try channel.pipeline.syncOperations.addHandler(handler.value)
        }
      }
      .connect(to: address)
    socket.assumeIsolated().whenFailure { self.failed(connection, Self.connectError(self.address, $0)) }
    timer = lane.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
      self.failed(connection, Self.connectError(self.address, ConnectTimeout()))
    }
  }

  /// Closes the connection when its calls have ended; the address may be connected to again.
  func disconnect() {
    timer?.cancel()
    let connection = connection
    if machine.state == .connecting {
      machine.abandonAttempt()
      self.connection = nil
      connection?.abandon()
    } else {
      connection?.retire()
    }
  }

  /// The same, for good.
  func shutDown() {
    disconnect()
    machine.shutDown()
  }

  func cancelAll(_ error: RPCError) {
    for connection in retired { connection.cancelAll(error) }
    connection?.cancelAll(error)
  }

  // MARK: Told by connections

  func connectionIsReady(_ connection: ClientConnection) {
    guard connection === self.connection, machine.connected() else { return }
    timer?.cancel()
    log(.debug, "connected")
    lane.subchannel(id, is: .ready)
  }

  func connectionHasCapacity(_ connection: ClientConnection) {
    lane.startWaitingCalls()
  }

  func connectionRetired(_ connection: ClientConnection) {
    guard connection === self.connection, machine.lostConnection() else { return }
    retired.append(connection)
    self.connection = nil
    log(.debug, "the connection takes no more calls")
    lane.subchannel(id, is: .idle)
  }

  func connectionPingedTooOften(_ connection: ClientConnection, keepalive: ClientKeepalive) {
    lane.keepalive.slowDown(from: keepalive)
    log(.warning, "the server finds keepalive PINGs too many; the time between them is doubled")
  }

  func connectionClosed(_ connection: ClientConnection, error: RPCError) {
    retired.removeAll { $0 === connection }
    if connection === self.connection {
      if machine.lostConnection() {
        self.connection = nil
        log(.info, "connection lost", error)
        lane.subchannel(id, is: .idle)
      } else {
        failed(connection, error)
      }
    }
    lane.closedConnection()
  }

  private func failed(_ connection: ClientConnection, _ error: RPCError) {
    guard connection === self.connection else { return }
    let elapsed = Duration(.now() - attemptStart)
    guard let pause = machine.failed(elapsed: elapsed, using: &lane.random) else { return }
    self.connection = nil
    connection.abandon()
    timer?.cancel()
    timer = lane.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) {
      guard self.machine.backoffEnded() else { return }
      self.lane.subchannel(self.id, is: .idle)
    }
    log(.info, "connecting failed", error)
    lane.subchannel(id, is: .failed(error))
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
  /// As written in a target: `127.0.0.1:50051`, `[::1]:50051` or a path.
  fileprivate var text: String {
    guard let ipAddress, let port else { return pathname ?? "\(self)" }
    return ChannelTarget.HostPort(host: ipAddress, port: port).authority
  }
}
