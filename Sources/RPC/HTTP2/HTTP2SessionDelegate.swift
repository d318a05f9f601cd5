import CNGHTTP2

/// Receives the events of a session on its event loop, from inside `receive` and `drain`.
///
/// The rules of ``HTTPStream`` apply: `submit…` is allowed, `receive` and `drain` are not.
protocol HTTP2SessionDelegate: AnyObject {
  /// Opens a stream of the peer (servers only). Nil refuses it with REFUSED_STREAM.
  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTPStream?
  /// Handles the peer's SETTINGS, or its acknowledgement of ours.
  func session(_ session: HTTP2Session, didReceiveSettings isAcknowledgement: Bool)
  /// Handles the peer's PING (answered already), or its answer to ours.
  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool)
  /// Handles something of the peer that serves no call.
  func session(_ session: HTTP2Session, didReceive overhead: HTTP2Overhead)
  /// Handles the peer's GOAWAY. Streams above `lastStreamID` were not processed.
  func session(_ session: HTTP2Session, didReceiveGoAway code: HTTP2ErrorCode, lastStreamID: Int32, debugData: [UInt8])
}

extension HTTP2SessionDelegate {
  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTPStream? { nil }
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

/// Actions of a peer that serve no call. A few are part of the protocol, a flood is an attack (RFC 9113 section 10.5).
enum HTTP2Overhead: Sendable, Hashable {
  /// The peer reset a stream (CVE-2023-44487, "rapid reset").
  case reset
  /// The peer made us reset a stream by violating the stream's rules (CVE-2025-8671, "MadeYouReset").
  case fault
  /// The peer sent SETTINGS, PING, PRIORITY, WINDOW_UPDATE or GOAWAY, a frame of an unknown type, or DATA without bytes
  /// or end; or it opened a stream that was refused.
  case control
}

/// A failed session. The connection must be closed after the remaining output.
struct HTTP2SessionError: Error, Hashable {
  /// nghttp2's negative error number.
  var number: Int32

  /// Whether the peer exceeded a limit of nghttp2: unsent acknowledgements for a peer that does not read, CONTINUATION
  /// frames, SETTINGS entries.
  var isFlood: Bool {
    number == NGHTTP2_ERR_FLOODED.rawValue || number == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue
  }
}

extension HTTP2SessionError: CustomStringConvertible {
  var description: String { String(cString: nghttp2_strerror(number)) }
}
