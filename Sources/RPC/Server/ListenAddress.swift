/// An address a server listens on.
public enum ListenAddress: Sendable, Hashable {
  /// A TCP port on a host name or IP address; port 0 lets the system choose.
  case tcp(host: String, port: Int)
  /// A unix domain socket at a path; a socket file left behind is replaced.
  case unix(path: String)
}

extension ListenAddress: CustomStringConvertible {
  /// `host:port`, with IPv6 hosts in brackets, or `unix:path`.
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}
