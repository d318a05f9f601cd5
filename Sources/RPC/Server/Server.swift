public import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Serves gRPC over HTTP/2 on TCP and unix sockets.
///
/// ```swift
/// let server = Server(configuration: configuration, services: [Greeter()], logger: logger)
/// let addresses = try await server.start()
/// // until the process must stop:
/// await server.shutdown(grace: .seconds(30))
/// ```
public final class Server: Sendable {
  private let configuration: ServerConfiguration
  private let methods: [ServerMethod]
  private let interceptors: [any ServerInterceptor]
  private let logger: Logger
  private let state = Mutex(ServerState())

  /// Makes a server that does not listen yet.
  ///
  /// - Parameters:
  ///   - configuration: The addresses and limits.
  ///   - services: The services. No two may have the same method.
  ///   - methods: Further methods.
  ///   - interceptors: Run around every call, outermost first.
  ///   - logger: Logs the server's life. Calls are logged by ``AccessLogInterceptor``.
  public init(
    configuration: ServerConfiguration,
    services: [any RegistrableService],
    methods: [ServerMethod] = [],
    interceptors: [any ServerInterceptor] = [],
    logger: Logger
  ) {
    self.configuration = configuration
    self.methods = services.flatMap(\.methods) + methods
    self.interceptors = interceptors
    self.logger = logger
  }

  /// Starts serving.
  ///
  /// - Returns: The actual addresses in the configured order, with the ports that the system chose.
  /// - Throws: ``RuntimeError`` when an address is unavailable, two services have the same method, or the server was
  ///   started before.
  @discardableResult
  public func start() async throws -> [ListenAddress] {
    guard state.withLock({ $0.begin() }) else {
      throw RuntimeError(.alreadyStarted, "the server was started before")
    }
    do {
      let serving = try await listen()
      let isEnding = state.withLock { $0.started(serving) }
      if isEnding { await stop(serving) }
      return serving.addresses
    } catch {
      resumeThoseWhoWait()
      throw error
    }
  }

  private func listen() async throws -> Serving {
    guard !configuration.addresses.isEmpty else {
      throw RuntimeError(.cannotListen, "no address to listen on is configured")
    }
    let tls = configuration.tls.map { TLSContexts($0, isForWeb: configuration.web != nil, logger: logger) }
    _ = try tls?.current()
    let core = try ServerCore(
      configuration: configuration,
      methods: methods,
      interceptors: interceptors,
      logger: logger
    )
    let ownGroup = configuration.eventLoopThreads.map { MultiThreadedEventLoopGroup(numberOfThreads: max(1, $0)) }
    let listener = Listener(
      core: core,
      group: ownGroup ?? MultiThreadedEventLoopGroup.singleton,
      backlog: configuration.backlog,
      tls: tls
    )
    var serving = Serving(core: core, listener: listener, ownGroup: ownGroup)
    for address in configuration.addresses {
      do {
        let (channel, bound) = try await listener.listen(on: address)
        serving.channels.append(channel)
        serving.addresses.append(bound)
      } catch {
        await stop(serving)
        throw RuntimeError(.cannotListen, "cannot listen on \(address)", cause: error)
      }
    }
    logger.info("serving", metadata: ["addresses": "\(serving.addresses.map(\.description).joined(separator: " "))"])
    return serving
  }

  /// Starts unless that was done, and returns when the server has been shut down.
  public func run() async throws {
    if state.withLock({ $0.isNew }) { try await start() }
    await waitForEnd()
  }

  /// Stops accepting connections and lets the present ones finish their calls: GOAWAY, PING, GOAWAY, end (RFC 9113
  /// section 6.8). Returns at once; ``shutdown(grace:)`` waits.
  public func beginDrain() {
    guard let serving = state.withLock({ $0.serving }) else { return }
    for channel in serving.channels { channel.close(mode: .all, promise: nil) }
    serving.listener.registry.drain()
  }

  /// Drains, waits until all calls have ended and their bytes are written, and stops. Ends calls that still run after
  /// `grace`. Calling it again with a shorter grace, such as zero, shortens it.
  ///
  /// Ended handlers are cancelled and awaited. One that ignores this for ``ServerConfiguration/cancellationGrace`` is
  /// abandoned.
  public func shutdown(grace: Duration) async {
    guard let (serving, isFirst) = state.withLock({ $0.end() }) else { return resumeThoseWhoWait() }
    beginDrain()
    let registry = serving.listener.registry
    let cutOff = Self.after(grace) { registry.close() }
    let giveUp = Self.after(grace + configuration.cancellationGrace) { registry.giveUp() }
    if isFirst { await end(serving) } else { await waitForEnd() }
    cutOff.cancel()
    giveUp.cancel()
  }

  private func end(_ serving: Serving) async {
    if await !serving.listener.registry.waitUntilEmpty() {
      logger.warning("handlers that ignored their cancellation were left behind")
    }
    await stop(serving)
    resumeThoseWhoWait()
  }

  private func resumeThoseWhoWait() {
    for waiter in state.withLock({ $0.ended() }) { waiter.resume() }
  }

  private func waitForEnd() async {
    await withCheckedContinuation { continuation in
      if state.withLock({ $0.waitForEnd(continuation) }) { continuation.resume() }
    }
  }

  private func stop(_ serving: Serving) async {
    for channel in serving.channels { try? await channel.close() }
    let registry = serving.listener.registry
    registry.close()
    guard let ownGroup = serving.ownGroup else { return }
    // The threads serve the abandoned handlers. Without any they may end.
    if registry.count == 0 { try? await ownGroup.shutdownGracefully() }
  }

  private static func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> Scheduled<Void> {
    MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: TimeAmount(delay), body)
  }

  /// The number of open connections and of calls in flight.
  public var load: (connections: Int, calls: Int) {
    guard let admission = state.withLock({ $0.serving?.core.admission }) else { return (0, 0) }
    return (admission.openConnections, admission.callsInFlight)
  }
}
