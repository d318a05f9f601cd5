/// Ends a connection without losing a call (rpc.md row 13, RFC 9113 section 6.8): a GOAWAY that allows streams in
/// flight, a PING that confirms its arrival, a GOAWAY with the last stream, then the end.
struct DrainState: Sendable, Hashable {
  private enum Phase: Sendable, Hashable { case serving, announced, final }

  enum Action: Sendable, Hashable {
    case none
    /// Send GOAWAY(2^31-1) and a PING with ``pingPayload``; call ``pingTimedOut()`` if it is not answered.
    case announce
    /// Send GOAWAY with the last accepted stream.
    case nameLastStream
  }

  /// Distinguishes the drain's PING from others.
  static let pingPayload: UInt64 = 0x7061_7472_6f6e_0001

  private var phase = Phase.serving

  /// Whether the connection is draining.
  var isDraining: Bool { phase != .serving }

  mutating func begin() -> Action {
    guard phase == .serving else { return .none }
    phase = .announced
    return .announce
  }

  mutating func pingAcknowledged(_ payload: UInt64) -> Action {
    payload == Self.pingPayload ? nameLastStream() : .none
  }

  mutating func pingTimedOut() -> Action { nameLastStream() }

  private mutating func nameLastStream() -> Action {
    guard phase == .announced else { return .none }
    phase = .final
    return .nameLastStream
  }
}
