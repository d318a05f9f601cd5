import CNGHTTP2

/// What a connection hears from its session, on its event loop, from inside `receive` and `drain`.
///
/// The same rules as for ``HTTP2Stream`` hold: `submit…` is allowed, `receive` and `drain` are not.
protocol HTTP2SessionDelegate: AnyObject {
  /// The peer opens a stream (servers only). Nil refuses it with REFUSED_STREAM.
  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTP2Stream?
  /// The peer's SETTINGS, or its acknowledgement of ours.
  func session(_ session: HTTP2Session, didReceiveSettings isAcknowledgement: Bool)
  /// The peer's PING (answered already), or its answer to ours.
  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool)
  /// The peer did something that serves no call.
  func session(_ session: HTTP2Session, didReceive overhead: HTTP2Overhead)
  /// The peer opens no more streams than up to `lastStreamID`; those above it were not processed.
  func session(_ session: HTTP2Session, didReceiveGoAway code: HTTP2ErrorCode, lastStreamID: Int32, debugData: [UInt8])
}

extension HTTP2SessionDelegate {
  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTP2Stream? { nil }
  func session(_ session: HTTP2Session, didReceiveSettings isAcknowledgement: Bool) {}
  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool) {}
  func session(_ session: HTTP2Session, didReceive overhead: HTTP2Overhead) {}
  func session(
    _ session: HTTP2Session,
    didReceiveGoAway code: HTTP2ErrorCode,
    lastStreamID: Int32,
    debugData: [UInt8]
  ) {}
}

/// What a peer does that serves no call. A little of it is part of the protocol, a flood of it is an attack (RFC 9113
/// section 10.5).
enum HTTP2Overhead: Sendable, Hashable {
  /// It reset a stream (CVE-2023-44487, "rapid reset").
  case reset
  /// It made us reset a stream by breaking the rules of the stream (CVE-2025-8671, "MadeYouReset").
  case fault
  /// It sent SETTINGS, PING, PRIORITY, WINDOW_UPDATE or GOAWAY, a frame of an unknown type, or DATA that neither
  /// carries nor ends anything; or it opened a stream that had to be refused.
  case control
}

/// A session that cannot go on: the connection must be closed once what is left to send has been sent.
struct HTTP2SessionError: Error, Hashable {
  /// nghttp2's own number, negative.
  var number: Int32

  /// Whether the peer sent more than it may of something that nghttp2 itself counts: acknowledgements that wait for a
  /// peer that does not read, CONTINUATION frames, SETTINGS entries.
  var isFlood: Bool {
    number == NGHTTP2_ERR_FLOODED.rawValue || number == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue
  }
}

extension HTTP2SessionError: CustomStringConvertible {
  var description: String { String(cString: nghttp2_strerror(number)) }
}
