import CNGHTTP2

/// The callbacks shared by every session of the process. Each finds its session in the user data.
struct HTTP2Callbacks: @unchecked Sendable {
  static let shared = HTTP2Callbacks()

  /// Reads a stream's ``HTTPStream/outgoing``.
  static var dataProvider: nghttp2_data_provider {
    nghttp2_data_provider(source: nghttp2_data_source(ptr: nil), read_callback: readOutgoing)
  }

  let pointer: OpaquePointer?

  private init() {
    var callbacks: OpaquePointer?
    precondition(nghttp2_session_callbacks_new(&callbacks) == 0, "nghttp2 could not allocate callbacks")
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, didBeginFrame)
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, didBeginHeaders)
    nghttp2_session_callbacks_set_on_header_callback(callbacks, didReceiveHeader)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, didReceiveData)
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, didReceiveFrame)
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, didSendFrame)
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, didNotSendFrame)
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, didCloseStream)
    nghttp2_session_callbacks_set_unpack_extension_callback(callbacks, didReceiveUnknownFrame)
    pointer = callbacks
  }
}

/// Runs `body` with the session of a callback. The connection keeps it alive meanwhile, so it is not retained.
@inline(__always)
private func withSession(_ context: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> Void) {
  guard let context else { return }
  Unmanaged<HTTP2Session>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
}

private func hasEndStream(_ header: nghttp2_frame_hd) -> Bool {
  header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
}

private let didBeginHeaders: nghttp2_on_begin_headers_callback = { _, frame, context in
  guard let id = frame?.pointee.hd.stream_id else { return 0 }
  var isRefused = false
  withSession(context) { isRefused = !$0.beginHeaders(id) }
  return isRefused ? Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) : 0
}

private let didReceiveHeader: nghttp2_on_header_callback = {
  _,
  _,
  name,
  nameLength,
  value,
  valueLength,
  _,
  context in
  var isOver = false
  withSession(context) { session in
    session.receivingHeaders?._withUnsafeGuaranteedRef { stream in
      stream.headerListBytes += nameLength + valueLength + 32
      stream.didReceiveHeader(
        UnsafeRawBufferPointer(start: name, count: nameLength),
        UnsafeRawBufferPointer(start: value, count: valueLength)
      )
    }
    isOver = session.isTerminated
  }
  // The rest of the block is decoded for the sake of the compression table, but no longer reported here.
  return isOver ? Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) : 0
}

private let didReceiveData: nghttp2_on_data_chunk_recv_callback = { _, _, id, bytes, count, context in
  withSession(context) { session in
    session.returnConnectionCredit(count)
    session.withStream(id) { $0.didReceiveData(UnsafeRawBufferPointer(start: bytes, count: count)) }
  }
  return 0
}

private let didReceiveFrame: nghttp2_on_frame_recv_callback = { _, frame, context in
  guard let frame else { return 0 }
  withSession(context) { didReceive(frame, $0) }
  return 0
}

private func didReceive(_ frame: UnsafePointer<nghttp2_frame>, _ session: HTTP2Session) {
  let header = frame.pointee.hd
  let isAcknowledgement = header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
  switch nghttp2_frame_type(UInt32(header.type)) {
  case NGHTTP2_HEADERS:
    session.receivingHeaders = nil
    session.withStream(header.stream_id) { $0.didReceiveHeaders(endStream: hasEndStream(header)) }
  case NGHTTP2_DATA:
    if hasEndStream(header) {
      session.withStream(header.stream_id) { $0.didReceiveEnd() }
    } else if header.length == frame.pointee.data.padlen {
      session.delegate?.session(session, didReceive: .control)
    }
  case NGHTTP2_RST_STREAM:
    session.delegate?.session(session, didReceive: .reset)
  case NGHTTP2_SETTINGS:
    session.delegate?.session(session, didReceiveSettings: isAcknowledgement)
  case NGHTTP2_PING:
    let payload = withUnsafeBytes(of: frame.pointee.ping.opaque_data) { $0.loadUnaligned(as: UInt64.self) }
    session.delegate?.session(
      session,
      didReceivePing: UInt64(bigEndian: payload),
      isAcknowledgement: isAcknowledgement
    )
  case NGHTTP2_GOAWAY:
    let goAway = frame.pointee.goaway
    session.delegate?.session(
      session,
      didReceiveGoAway: HTTP2ErrorCode(rawValue: goAway.error_code),
      lastStreamID: goAway.last_stream_id,
      debugData: Array(UnsafeBufferPointer(start: goAway.opaque_data, count: goAway.opaque_data_len))
    )
  default: break
  }
}

/// Counts frames that serve no call when they begin, because nghttp2 reports nothing else of those that it drops.
private let didBeginFrame: nghttp2_on_begin_frame_callback = { _, header, context in
  guard let header else { return 0 }
  switch nghttp2_frame_type(UInt32(header.pointee.type)) {
  case NGHTTP2_HEADERS, NGHTTP2_DATA, NGHTTP2_CONTINUATION, NGHTTP2_RST_STREAM: return 0
  default:
    withSession(context) { $0.delegate?.session($0, didReceive: .control) }
    return 0
  }
}

/// Ignores a frame of a type unknown to RFC 9113. It was counted when it began.
private let didReceiveUnknownFrame: nghttp2_unpack_extension_callback = { _, _, _, _ in
  Int32(NGHTTP2_ERR_CANCEL.rawValue)
}

private let didSendFrame: nghttp2_on_frame_send_callback = { _, frame, context in
  guard let frame else { return 0 }
  let header = frame.pointee.hd
  switch nghttp2_frame_type(UInt32(header.type)) {
  case NGHTTP2_HEADERS:
    withSession(context) { session in
      session.hasSentToStreams = true
      if hasEndStream(header), session.role == .server { session.stopReceiving(header.stream_id) }
    }
  case NGHTTP2_DATA:
    withSession(context) { session in
      session.hasSentToStreams = true
      session.dataFramesSent &+= 1
      if hasEndStream(header), session.role == .server { session.stopReceiving(header.stream_id) }
    }
  case NGHTTP2_RST_STREAM:
    if let overhead = overhead(ofReset: frame.pointee.rst_stream.error_code) {
      withSession(context) { $0.delegate?.session($0, didReceive: overhead) }
    }
  default: break
  }
  return 0
}

/// Returns what a reset of ours means for the peer: nothing when the rest of a request is not needed (NO_ERROR) or the
/// call was cancelled (CANCEL), little when the peer may not know the stream limit yet (REFUSED_STREAM).
private func overhead(ofReset code: UInt32) -> HTTP2Overhead? {
  switch HTTP2ErrorCode(rawValue: code) {
  case .noError, .cancel: nil
  case .refusedStream: .control
  default: .fault
  }
}

/// Handles a request that nghttp2 abandoned before sending (the peer sent GOAWAY), whose stream is closed right after,
/// or an answer, whose stream would stay open.
private let didNotSendFrame: nghttp2_on_frame_not_send_callback = { _, frame, error, context in
  guard let header = frame?.pointee.hd, UInt32(header.type) == NGHTTP2_HEADERS.rawValue else { return 0 }
  withSession(context) { session in
    switch session.role {
    case .client: session.withStream(header.stream_id) { $0.wasNeverSent = true }
    case .server: session.didNotAnswer(header.stream_id, error)
    }
  }
  return 0
}

private let didCloseStream: nghttp2_on_stream_close_callback = { _, id, code, context in
  withSession(context) { $0.remove(id, HTTP2ErrorCode(rawValue: code)) }
  return 0
}

private let readOutgoing: nghttp2_data_source_read_callback = { _, id, buffer, capacity, flags, _, context in
  var result = Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
  withSession(context) { session in
    session.withStream(id) { stream in
      var dataFlags: UInt32 = 0
      result = read(stream, into: UnsafeMutableRawBufferPointer(start: buffer, count: capacity), &dataFlags, session)
      flags?.pointee |= dataFlags
    }
  }
  return result
}

private func read(
  _ stream: HTTPStream,
  into buffer: UnsafeMutableRawBufferPointer,
  _ flags: inout UInt32,
  _ session: HTTP2Session
) -> Int {
  let count = stream.outgoing.bytes.read(into: buffer)
  let remaining = stream.outgoing.bytes.count
  if remaining == 0 {
    switch stream.outgoing.end {
    case .open:
      if count == 0 {
        stream.outgoing.isDeferred = true
        return Int(NGHTTP2_ERR_DEFERRED.rawValue)
      }
    case .endStream:
      flags |= NGHTTP2_DATA_FLAG_EOF.rawValue
    case .fixedTrailers(let trailers):
      flags |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      session.submitTrailers(HeaderBlock(trailers), on: stream.id)
    case .trailers(let trailers):
      flags |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      session.submitTrailers(trailers, on: stream.id)
    }
  }
  if count > 0 { stream.didSend(bytes: count, remaining: remaining) }
  return count
}
