import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Accepts connections and creates a ``ServerConnection`` for each.
final class Listener: Sendable {
  let group: any EventLoopGroup
  let registry = ConnectionRegistry()
  private let core: ServerCore
  private let backlog: Int
  private let tls: TLSContexts?
  private let loops = Mutex<[ObjectIdentifier: LoopResources]>([:])

  init(core: ServerCore, group: any EventLoopGroup, backlog: Int, tls: TLSContexts?) {
    self.core = core
    self.group = group
    self.backlog = backlog
    self.tls = tls
  }

  /// - Returns: The listening channel and its actual address.
  func listen(on address: ListenAddress) async throws -> (any NIOCore.Channel, ListenAddress) {
    switch address {
    case .tcp(let host, let port):
      let channel =
        try await bootstrap
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .bind(host: host, port: port).get()
      return (channel, .tcp(host: host, port: channel.localAddress?.port ?? port))
    case .unix(let path):
      let channel = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
      return (channel, address)
    }
  }

  private var bootstrap: ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Int32(clamping: backlog))
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
      }
  }

  private struct TooManyConnections: Error {}

  /// Does everything that may throw before registering the connection. A registered connection that never runs would
  /// never end, and the server would wait for it when it stops.
  func accept(_ channel: any NIOCore.Channel) throws {
    guard core.admission.admitConnection() else { throw TooManyConnections() }
    channel.closeFuture.whenComplete { [core] _ in core.admission.connectionClosed() }
    let peer = Peer(address: channel.remoteAddress.map(Self.describe) ?? "")
    let connection = ServerConnection(core: core, loop: resources(of: channel.eventLoop), peer: peer)
    if let site = core.site, site.configuration.expectsProxyProtocol, let address = connection.address,
      site.proxies.isTrusted(address)
    {
      try channel.pipeline.syncOperations.addHandler(
        ProxyProtocol { address, port in
          connection.address = address
          connection.peer.address = ListenAddress.tcp(host: address.text, port: port).description
        }
      )
    }
    if let tls {
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: try tls.current()))
    }
    let number = registry.add(connection, on: channel.eventLoop)
    connection.onEnd { [registry] in registry.remove(number) }
    do {
      try channel.pipeline.syncOperations.addHandler(connection)
    } catch {
      registry.remove(number)
      throw error
    }
  }

  private func resources(of eventLoop: any EventLoop) -> LoopResources {
    loops.withLock { loops in
      let key = ObjectIdentifier(eventLoop)
      if let resources = loops[key] { return resources }
      let resources = LoopResources(eventLoop, limits: core.limits)
      loops[key] = resources
      return resources
    }
  }

  private static func describe(_ address: SocketAddress) -> String {
    guard let host = address.ipAddress, let port = address.port else { return "unix:\(address.pathname ?? "")" }
    return ListenAddress.tcp(host: host, port: port).description
  }
}
