/// Who is at the other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The socket address, such as `10.0.0.7:51234`, `[::1]:51234` or `unix:`; for logs, not for decisions.
  public var address: String

  /// Makes a peer.
  public init(address: String) { self.address = address }
}
