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
