import CNGHTTP2

// Handles nghttp2's callbacks for the session.

extension HTTP2Session {
  /// Runs `body` with an open stream. Does nothing when it is not open. `streams` keeps it alive meanwhile.
  @inline(__always)
  func withStream(_ id: Int32, _ body: (HTTPStream) -> Void) {
    guard let context = nghttp2_session_get_stream_user_data(session, id) else { return }
    Unmanaged<HTTPStream>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
  }

  /// - Returns: False when the stream is refused.
  func beginHeaders(_ id: Int32) -> Bool {
    receivingHeaders = nil
    if let context = nghttp2_session_get_stream_user_data(session, id) {
      beginHeaders(of: Unmanaged<HTTPStream>.fromOpaque(context).takeUnretainedValue())
    } else if role == .server {
      guard let stream = delegate?.session(self, openStream: id) else {
        nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, NGHTTP2_REFUSED_STREAM.rawValue)
        return false
      }
      nghttp2_session_set_stream_user_data(session, id, Unmanaged.passUnretained(stream).toOpaque())
      insert(stream, id: id)
      beginHeaders(of: stream)
    }
    return true
  }

  private func beginHeaders(of stream: HTTPStream) {
    receivingHeaders = Unmanaged.passUnretained(stream)
    stream.headerListBytes = 0
    stream.didBeginHeaders()
  }

  func returnConnectionCredit(_ bytes: Int) { nghttp2_session_consume_connection(session, bytes) }

  func remove(_ id: Int32, _ code: HTTP2ErrorCode) {
    guard let context = nghttp2_session_get_stream_user_data(session, id) else { return }
    let stream = Unmanaged<HTTPStream>.fromOpaque(context).takeUnretainedValue()
    forget(stream)
    if receivingHeaders?.toOpaque() == context { receivingHeaders = nil }
    stream.didClose(stream.wasNeverSent ? .refusedStream : code)
  }

  /// Handles an answer that ends before the request did: the rest of the request is not needed (RFC 9113 section 8.1).
  func stopReceiving(_ id: Int32) {
    guard nghttp2_session_get_stream_remote_close(session, id) == 0 else { return }
    nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, NGHTTP2_NO_ERROR.rawValue)
  }

  func submitTrailers(_ headers: HeaderBlock, on id: Int32) {
    let result = headers.withPairs { pairs, count in nghttp2_submit_trailer(session, id, pairs, count) }
    if result != 0 { withStream(id) { reset($0, .internalError) } }
  }

  /// Handles a server's answer, or its end, that will never be sent. The client is notified, since it would wait
  /// otherwise.
  func didNotAnswer(_ id: Int32, _ error: Int32) {
    switch error {
    // The stream is already being closed.
    case NGHTTP2_ERR_STREAM_CLOSED.rawValue, NGHTTP2_ERR_STREAM_CLOSING.rawValue,
      NGHTTP2_ERR_SESSION_CLOSING.rawValue:
      break
    default: withStream(id) { reset($0, .internalError) }
    }
  }
}
