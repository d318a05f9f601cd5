import NIOCore

/// The target of a channel (grpc/grpc doc/naming.md).
///
/// | form | meaning |
/// |---|---|
/// | `host:port`, `dns:///host:port`, `dns:host:port` | the addresses of a host name or literal address |
/// | `ipv4:192.0.2.1:50051,192.0.2.2:50051` | these addresses, in order |
/// | `ipv6:[2001:db8::1]:50051,…` | these addresses, in order |
/// | `unix:/path`, `unix:///path`, `unix:path` | a Unix domain socket |
///
/// The default port is 443.
public struct ChannelTarget: Sendable, Hashable, CustomStringConvertible {
  /// A host (name or literal address, without brackets) and its port.
  public struct HostPort: Sendable, Hashable {
    /// A name or a literal address, without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// Makes the pair without validating it.
    public init(host: String, port: Int) {
      self.host = host
      self.port = port
    }

    /// The form for an `:authority`: IPv6 addresses in brackets.
    var authority: String {
      host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  /// The source of the addresses.
  public enum Kind: Sendable, Hashable {
    case dns(HostPort)
    case addresses([HostPort])
    case unixSocket(path: String)
  }

  /// Why a target could not be parsed.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The given text.
    public var target: String
    /// What is wrong with it.
    public var reason: String

    /// One sentence for a log or an operator.
    public var description: String { "the channel target \"\(target)\" is not valid: \(reason)" }
  }

  /// The source of the addresses.
  public let kind: Kind
  /// The target as a URI with its scheme, for metrics.
  public let description: String

  /// Makes a target from its parts.
  public init(_ kind: Kind) {
    self.kind = kind
    switch kind {
    case .dns(let host): description = "dns:///\(host.authority)"
    case .addresses(let list):
      let scheme = list.contains { $0.host.contains(":") } ? "ipv6" : "ipv4"
      description = "\(scheme):\(list.map(\.authority).joined(separator: ","))"
    case .unixSocket(let path): description = "unix:\(path)"
    }
  }

  /// Parses a target in one of the forms above.
  public init(parsing target: String) throws(ParseError) {
    func fail(_ reason: String) -> ParseError { ParseError(target: target, reason: reason) }
    if let path = target.dropping(prefix: "unix:") {
      let file = path.dropping(prefix: "//") ?? path
      if file.isEmpty { throw fail("the path of the socket is missing") }
      if path.hasPrefix("//"), !file.hasPrefix("/") { throw fail("unix:// is followed by an absolute path") }
      self.init(.unixSocket(path: String(file)))
    } else if let list = target.dropping(prefix: "ipv4:") ?? target.dropping(prefix: "ipv6:") {
      let family = target.hasPrefix("ipv4:") ? NIOBSDSocket.ProtocolFamily.inet : .inet6
      var addresses: [HostPort] = []
      for item in list.split(separator: ",", omittingEmptySubsequences: false) {
        guard let address = HostPort(parsing: item), address.family == family else {
          throw fail("\"\(item)\" is not an address and a port")
        }
        addresses.append(address)
      }
      self.init(.addresses(addresses))
    } else if target.hasPrefix("unix-abstract:") {
      throw fail("abstract sockets are not supported")
    } else {
      var name = target.dropping(prefix: "dns:") ?? target[...]
      if let rest = name.dropping(prefix: "//") {
        guard rest.hasPrefix("/") else { throw fail("a DNS server in the target is not supported") }
        name = rest.dropFirst()
      }
      if name.contains("/") { throw fail("the scheme is unknown, or the host has a path") }
      guard let host = HostPort(parsing: name) else { throw fail("a host and a port are expected") }
      self.init(.dns(host))
    }
  }

  /// The `:authority` of calls to this target unless configured otherwise.
  var authority: String {
    switch kind {
    case .dns(let host): host.authority
    case .addresses(let list): list.first?.authority ?? "localhost"
    case .unixSocket: "localhost"
    }
  }

  /// The name that the server's certificate must have. Nil for literal addresses, which are compared themselves.
  var serverName: String? {
    guard case .dns(let host) = kind, host.family == nil else { return nil }
    return host.host
  }
}

extension ChannelTarget.HostPort {
  private static let defaultPort = 443

  /// The family of a literal address, nil for a name.
  fileprivate var family: NIOBSDSocket.ProtocolFamily? {
    try? SocketAddress(ipAddress: host, port: port).protocol
  }

  /// Parses `host`, `host:port`, `[v6]`, `[v6]:port`, or a bare IPv6 address.
  fileprivate init?(parsing text: Substring) {
    let host: Substring
    var port: Substring?
    if let inner = text.dropping(prefix: "[") {
      guard let end = inner.firstIndex(of: "]") else { return nil }
      host = inner[..<end]
      let rest = inner[inner.index(after: end)...]
      if !rest.isEmpty {
        guard let number = rest.dropping(prefix: ":") else { return nil }
        port = number
      }
    } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    } else {
      host = text
    }
    guard !host.isEmpty else { return nil }
    guard let port else {
      self.init(host: String(host), port: Self.defaultPort)
      return
    }
    guard let number = UInt16(port), number > 0 else { return nil }
    self.init(host: String(host), port: Int(number))
  }
}

extension StringProtocol where SubSequence == Substring {
  fileprivate func dropping(prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
