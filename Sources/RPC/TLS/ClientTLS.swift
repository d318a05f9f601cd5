import NIOCore
import NIOSSL

/// The TLS settings of a ``Channel``: version 1.2 or later, HTTP/2 negotiated by ALPN, the server's certificate
/// verified.
public struct ClientTLS: Sendable, Hashable {
  /// The certificate authorities to trust.
  public enum Authorities: Sendable, Hashable {
    /// Those of the operating system.
    case system
    /// Those in a PEM file, and no others.
    case file(String)
  }

  /// The certificate authorities to trust.
  public var authorities: Authorities
  /// The client's identity, for servers that require one (mTLS).
  public var identity: TLSIdentityFiles?
  /// The name that the server's certificate must have. Nil uses the host of the target. Required for unix sockets.
  public var serverName: String?
  /// How long changed files may go unnoticed. Default 10 s.
  public var reloadInterval: Duration
  /// How long the server may take to confirm the end of a connection before the socket is closed without. Nothing
  /// useful can follow by then, and some servers never confirm. Default 100 ms.
  public var closeTimeout = Duration.milliseconds(100)

  /// Makes a configuration.
  public init(
    authorities: Authorities = .system,
    identity: TLSIdentityFiles? = nil,
    serverName: String? = nil,
    reloadInterval: Duration = .seconds(10)
  ) {
    self.authorities = authorities
    self.identity = identity
    self.serverName = serverName
    self.reloadInterval = reloadInterval
  }
}

extension ClientTLS {
  func makeContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = [TLSHandshake.http2]
    configuration.shutdownTimeout = TimeAmount(closeTimeout)
    if case .file(let path) = authorities { configuration.trustRoots = .file(path) }
    if let identity {
      let (chain, key) = try identity.load()
      configuration.certificateChain = chain
      configuration.privateKey = key
    }
    return try NIOSSLContext(configuration: configuration)
  }

  /// The files whose change causes a new context.
  var files: [String] {
    var files: [String] = []
    if case .file(let path) = authorities { files.append(path) }
    if let identity { files += [identity.certificateChain, identity.privateKey] }
    return files
  }
}
