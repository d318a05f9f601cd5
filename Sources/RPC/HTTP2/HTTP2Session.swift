import CNGHTTP2
import NIOCore

/// The protocol state of one HTTP/2 connection: bytes in, events out, bytes out. Wraps nghttp2.
///
/// A connection first drains it for the preface and SETTINGS. Events reach the delegate and the streams during
/// ``receive(_:)``.
///
/// After a thrown ``HTTP2SessionError``: drain once more, then close the socket.
///
/// Flow control is manual: the session returns the connection's credit at once, and the stream's on
/// ``returnCredit(stream:bytes:)``.
final class HTTP2Session: HTTPSession {
  enum Role { case client, server }

  let role: Role
  /// The delegate must call ``close(_:)`` before it is released.
  @exclusivity(unchecked) private(set) unowned(unsafe) var delegate: (any HTTP2SessionDelegate)?
  /// The stream whose header block is arriving. Blocks never interleave.
  @exclusivity(unchecked) var receivingHeaders: Unmanaged<HTTPStream>?
  @exclusivity(unchecked) var session: OpaquePointer?
  /// Whether HEADERS or DATA were sent since the connection last cleared this.
  @exclusivity(unchecked) var hasSentToStreams = false
  /// DATA frames sent so far.
  @exclusivity(unchecked) var dataFramesSent = 0
  /// Whether ``terminate(_:)`` was called.
  @exclusivity(unchecked) private(set) var isTerminated = false
  private var output = ByteBuffer()

  /// Starts a session and queues the preface and our SETTINGS. Does not retain the delegate.
  init(role: Role, settings: HTTP2Settings, delegate: any HTTP2SessionDelegate) {
    self.role = role
    self.delegate = delegate
    super.init()
    let option = settings.makeOption()
    defer { nghttp2_option_del(option) }
    let context = Unmanaged.passUnretained(self).toOpaque()
    let result =
      switch role {
      case .client: nghttp2_session_client_new2(&session, HTTP2Callbacks.shared.pointer, context, option)
      case .server: nghttp2_session_server_new2(&session, HTTP2Callbacks.shared.pointer, context, option)
      }
    precondition(result == 0, "nghttp2 could not allocate a session")
    settings.submit(to: session, role: role)
  }

  deinit { nghttp2_session_del(session) }

  // MARK: Bytes

  /// Processes bytes from the socket.
  func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionError) {
    guard let base = bytes.baseAddress else { return }
    let result = nghttp2_session_mem_recv(session, base.assumingMemoryBound(to: UInt8.self), bytes.count)
    if result < 0 { throw HTTP2SessionError(number: Int32(result)) }
  }

  /// Returns the next output, at least a frame and about `bytesMaximum` bytes at most. Nil when there is none.
  ///
  /// DATA stays in the streams until it is drained, so a slow socket buffers at most `bytesMaximum` here.
  func drain(upTo bytesMaximum: Int) throws(HTTP2SessionError) -> ByteBuffer? {
    output.clear()
    try drain(into: &output, upTo: bytesMaximum)
    return output.readableBytes > 0 ? output : nil
  }

  override func drain(into output: inout ByteBuffer, upTo bytesMaximum: Int) throws(HTTP2SessionError) {
    while output.readableBytes < bytesMaximum {
      var chunk: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(session, &chunk)
      if count < 0 { throw HTTP2SessionError(number: Int32(count)) }
      if count == 0 { break }
      output.writeBytes(UnsafeRawBufferPointer(start: chunk, count: count))
    }
  }

  /// Whether there is output.
  var wantsWrite: Bool { nghttp2_session_want_write(session) != 0 }

  override var isFinished: Bool { nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0 }

  override func close(_ code: HTTP2ErrorCode) {
    receivingHeaders = nil
    delegate = nil
    for stream in streams { nghttp2_session_set_stream_user_data(session, stream.id, nil) }
    super.close(code)
  }

  // MARK: Streams

  /// Opens a stream (client). Its body follows by ``send(_:on:)`` and ``finish(_:endingWith:)``.
  ///
  /// At the peer's stream limit nghttp2 queues the request until another stream ends.
  /// - Parameter endStream: Whether the request has no body.
  func submitRequest(
    _ stream: HTTPStream,
    headers: HeaderBlock,
    endStream: Bool = false
  ) throws(HTTP2SessionError) {
    let context = Unmanaged.passUnretained(stream).toOpaque()
    let id = headers.withPairs { pairs, count in
      if endStream { return nghttp2_submit_request(session, nil, pairs, count, nil, context) }
      var provider = HTTP2Callbacks.dataProvider
      return nghttp2_submit_request(session, nil, pairs, count, &provider, context)
    }
    if id < 0 { throw HTTP2SessionError(number: id) }
    insert(stream, id: id)
  }

  override func submitResponse(_ stream: HTTPStream, headers: HeaderBlock, endStream: Bool) {
    guard stream.isOpen else { return }
    let result = headers.withPairs { pairs, count in
      if endStream { return nghttp2_submit_response(session, stream.id, pairs, count, nil) }
      var provider = HTTP2Callbacks.dataProvider
      return nghttp2_submit_response(session, stream.id, pairs, count, &provider)
    }
    if result != 0 { reset(stream, .internalError) }
  }

  override func resume(_ stream: HTTPStream) { nghttp2_session_resume_data(session, stream.id) }

  override func reset(_ stream: HTTPStream, _ code: HTTP2ErrorCode) {
    guard stream.isOpen else { return }
    nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue)
  }

  /// nghttp2 batches the WINDOW_UPDATEs.
  override func returnCredit(stream: HTTPStream, bytes: Int) {
    guard stream.isOpen, bytes > 0 else { return }
    nghttp2_session_consume_stream(session, stream.id, bytes)
  }

  // MARK: Connection

  /// Queues a PING. The delegate receives the answer with the same payload.
  func ping(_ payload: UInt64) {
    withUnsafeBytes(of: payload.bigEndian) { bytes in
      _ = nghttp2_submit_ping(
        session,
        UInt8(NGHTTP2_FLAG_NONE.rawValue),
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      )
    }
  }

  /// Queues the first of the two GOAWAYs of a graceful end (last stream 2^31-1, RFC 9113 section 6.8). The peer should
  /// open no more streams; those that it opens meanwhile are served.
  func announceGoAway() { nghttp2_submit_shutdown_notice(session) }

  /// Queues the GOAWAY with the last accepted stream. Later streams are ignored.
  func goAway(_ code: HTTP2ErrorCode, debugData: String = "") {
    var text = debugData
    text.withUTF8 { bytes in
      _ = nghttp2_submit_goaway(
        session,
        UInt8(NGHTTP2_FLAG_NONE.rawValue),
        nghttp2_session_get_last_proc_stream_id(session),
        code.rawValue,
        bytes.baseAddress,
        bytes.count
      )
    }
  }

  /// Queues a GOAWAY that finishes the session.
  override func terminate(_ code: HTTP2ErrorCode) {
    isTerminated = true
    nghttp2_session_terminate_session(session, code.rawValue)
  }

  override var outboundFrames: Int { nghttp2_session_get_outbound_queue_size(session) }

  /// The number of streams that the peer allows us to open, as far as its SETTINGS have arrived.
  var peerConcurrentStreamsMaximum: UInt32 {
    nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
  }
}
