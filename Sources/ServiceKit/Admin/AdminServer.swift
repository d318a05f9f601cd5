import NIOCore
import NIOHTTP1
import NIOPosix
public import RPC
import Synchronization

/// The admin port: `/metrics`, `/healthz` (the process lives) and `/readyz` (it can take calls) over HTTP/1.1.
public final class AdminServer: Sendable {
  /// Connections that do nothing for this long are closed.
  private static let idleTimeout = TimeAmount.seconds(60)
  /// Probes and one or two collectors need a handful.
  private static let connectionsMaximum = 64

  private let routes: AdminRoutes
  private let listener: Mutex<(any NIOCore.Channel)?> = Mutex(nil)
  private let connections = Atomic(0)

  /// A server of these metrics and of this readiness.
  public init(metrics: PrometheusRegistry, readiness: Readiness) {
    routes = AdminRoutes(metrics: metrics, readiness: readiness)
  }

  /// Begins to listen.
  ///
  /// - Returns: The address, with the port that the system chose where it was asked to.
  public func start(on address: ListenAddress) async throws -> ListenAddress {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] channel in
        guard connections.wrappingAdd(1, ordering: .relaxed).newValue <= Self.connectionsMaximum else {
          connections.wrappingSubtract(1, ordering: .relaxed)
          return channel.close()
        }
        channel.closeFuture.whenComplete { [self] _ in connections.wrappingSubtract(1, ordering: .relaxed) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: Self.idleTimeout))
          try channel.pipeline.syncOperations.addHandler(AdminHandler(routes: routes))
        }
      }
    switch address {
    case .tcp(let host, let port):
      let channel = try await bootstrap.bind(host: host, port: port).get()
      listener.withLock { $0 = channel }
      return .tcp(host: host, port: channel.localAddress?.port ?? port)
    case .unix(let path):
      let channel = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
      listener.withLock { $0 = channel }
      return address
    }
  }

  /// Stops listening.
  public func stop() async {
    let channel = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    try? await channel?.close()
  }
}
