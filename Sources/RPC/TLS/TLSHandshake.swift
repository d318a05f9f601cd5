internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// What both sides of a TLS connection check when the handshake is complete.
enum TLSHandshake {
  /// The protocol's name in ALPN (RFC 9113 section 3.1).
  static let http2 = "h2"

  /// The handshake agreed on something else, or on nothing.
  struct NoHTTP2: Error, CustomStringConvertible {
    var description: String { "the TLS handshake did not agree on HTTP/2" }
  }

  /// Whether `event` says that the handshake is complete; throws when the peer will not speak HTTP/2.
  static func isComplete(_ event: Any) throws(NoHTTP2) -> Bool {
    guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else { return false }
    guard negotiated == http2 else { throw NoHTTP2() }
    return true
  }

  /// Who the peer is, if it has shown a certificate.
  static func identity(_ context: ChannelHandlerContext) -> PeerIdentity? {
    let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    return certificate.flatMap { $0 }.flatMap(PeerIdentity.init)
  }
}
