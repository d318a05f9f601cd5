import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Resolves the addresses of a target.
struct NameResolver: Sendable {
  /// Looks up a host name without blocking the event loop.
  var lookUp: @Sendable (ChannelTarget.HostPort, any EventLoop) -> EventLoopFuture<[SocketAddress]>

  /// The operating system's resolver, in its order of preference (RFC 6724).
  static let system = NameResolver { host, eventLoop in
    NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try addresses(of: host) }
  }

  func resolve(_ target: ChannelTarget, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
    switch target.kind {
    case .dns(let host):
      if let address = try? SocketAddress(ipAddress: host.host, port: host.port) {
        return eventLoop.makeSucceededFuture([address])
      }
      return lookUp(host, eventLoop)
    case .addresses(let list):
      return eventLoop.makeCompletedFuture {
        try list.map { try SocketAddress(ipAddress: $0.host, port: $0.port) }
      }
    case .unixSocket(let path):
      return eventLoop.makeCompletedFuture { [try SocketAddress(unixDomainSocketPath: path)] }
    }
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private static func addresses(of host: ChannelTarget.HostPort) throws -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = numericCast(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let result = getaddrinfo(host.host, "\(host.port)", &hints, &list)
    guard result == 0 else { throw Failure(description: String(cString: gai_strerror(result))) }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let info = next {
      if let address = SocketAddress(info.pointee, host: host.host), !addresses.contains(address) {
        addresses.append(address)
      }
      next = info.pointee.ai_next
    }
    if addresses.isEmpty { throw Failure(description: "the host has no addresses") }
    return addresses
  }
}

extension SocketAddress {
  fileprivate init?(_ info: addrinfo, host: String) {
    guard let bytes = UnsafeRawPointer(info.ai_addr) else { return nil }
    switch info.ai_family {
    case AF_INET: self.init(bytes.loadUnaligned(as: sockaddr_in.self), host: host)
    case AF_INET6: self.init(bytes.loadUnaligned(as: sockaddr_in6.self), host: host)
    default: return nil
    }
  }
}

/// When a channel looks up the addresses of its target again (grpc/grpc doc/naming.md). Applies to host names only,
/// because literal addresses and sockets do not change.
public struct ResolutionConfiguration: Sendable, Hashable {
  /// The shortest time between two look-ups after lost or failed connections. One lost connection may mean that a host
  /// moved; a hundred mean no more. Default 30 s, as in other gRPC implementations.
  public var minimumInterval: Duration

  /// How often addresses are looked up without a loss while the channel is in use. Without a period `round_robin` finds
  /// an added server only when a connection to another is lost. Nil looks up after losses only. Default nil, as in
  /// other gRPC implementations, where servers limit the age of connections instead.
  public var period: Duration?

  /// Makes a configuration. Omitted parameters have their defaults.
  public init(minimumInterval: Duration = .seconds(30), period: Duration? = nil) {
    self.minimumInterval = minimumInterval
    self.period = period
  }

  /// At most one look-up every 30 s, and only after losses.
  public static let defaults = ResolutionConfiguration()
}
