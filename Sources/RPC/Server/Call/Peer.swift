/// Who is at the other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The socket address, such as `10.0.0.7:51234`, `[::1]:51234` or `unix:`; for logs, not for decisions.
  public var address: String
  /// Who it is by the certificate that it has shown and that was verified; nil without mTLS.
  public var identity: PeerIdentity?

  /// Makes a peer.
  public init(address: String, identity: PeerIdentity? = nil) {
    self.address = address
    self.identity = identity
  }
}
