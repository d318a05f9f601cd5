import NIOSSL

/// The TLS settings of a ``Server``: version 1.2 or later, HTTP/2 negotiated by ALPN (RFC 9113 section 3.2).
public struct ServerTLS: Sendable, Hashable {
  /// How the server handles the certificates of its clients.
  public enum ClientCertificates: Sendable, Hashable {
    /// The server requests none.
    case none
    /// A client must have one of an authority in this PEM file (mTLS). ``Peer/identity`` is the result.
    case required(authorities: String)
  }

  /// The server's identity. New files take effect for new connections.
  public var identity: TLSIdentityFiles
  /// How client certificates are handled.
  public var clientCertificates: ClientCertificates
  /// How long changed files may go unnoticed. Default 10 s.
  public var reloadInterval: Duration

  /// Makes a configuration.
  public init(
    identity: TLSIdentityFiles,
    clientCertificates: ClientCertificates = .none,
    reloadInterval: Duration = .seconds(10)
  ) {
    self.identity = identity
    self.clientCertificates = clientCertificates
    self.reloadInterval = reloadInterval
  }
}

extension ServerTLS {
  /// - Parameter isForWeb: Whether HTTP/1.1 is served too.
  func makeContext(isForWeb: Bool) throws -> NIOSSLContext {
    let (chain, key) = try identity.load()
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = [TLSHandshake.http2] + (isForWeb ? [TLSHandshake.http1] : [])
    if case .required(let authorities) = clientCertificates {
      configuration.trustRoots = .file(authorities)
      configuration.certificateVerification = .noHostnameVerification
    }
    return try NIOSSLContext(configuration: configuration)
  }

  /// The files whose change causes a new context.
  var files: [String] {
    let own = [identity.certificateChain, identity.privateKey]
    if case .required(let authorities) = clientCertificates { return own + [authorities] }
    return own
  }
}
