import CNGHTTP2

/// The settings of one HTTP/2 session, for servers and clients.
struct HTTP2Settings: Sendable {
  /// Streams that the peer may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).
  var concurrentStreamsMaximum: UInt32 = 100
  /// Bytes the peer may send on one stream before credit is returned (SETTINGS_INITIAL_WINDOW_SIZE).
  var streamWindowBytes: Int32 = 256 << 10
  /// Bytes the peer may send on the whole connection before credit is returned.
  var connectionWindowBytes: Int32 = 4 << 20
  /// The announced header list size (SETTINGS_MAX_HEADER_LIST_SIZE). nghttp2 does not enforce it.
  var headerListBytesMaximum: UInt32 = 16 << 10
  /// The greatest size of the header compression table for sending, in bytes.
  var sendHeaderTableBytes: Int = 4096
  /// Unsent acknowledgements (SETTINGS, PING) for a peer that does not read. More end the session.
  var outboundAcknowledgementsMaximum: Int = 1000
  /// Streams that the peer may reset at once, and how many more each second. More end the session with INTERNAL_ERROR
  /// (CVE-2023-44487). Only servers count.
  var resetBurst: UInt64 = 1000
  /// See ``resetBurst``.
  var resetsPerSecond: UInt64 = 33
  /// The greatest number of CONTINUATION frames of one header block. More end the session (CVE-2024-28182).
  var continuationsMaximum: Int = 8
  /// Streams that a client may open before the server's SETTINGS arrive.
  var assumedPeerStreamsMaximum: UInt32 = 100
}

extension HTTP2Settings {
  /// Makes the options of a session. The caller frees them.
  func makeOption() -> OpaquePointer? {
    var option: OpaquePointer?
    precondition(nghttp2_option_new(&option) == 0, "nghttp2 could not allocate options")
    nghttp2_option_set_no_auto_window_update(option, 1)
    nghttp2_option_set_no_closed_streams(option, 1)
    nghttp2_option_set_max_deflate_dynamic_table_size(option, sendHeaderTableBytes)
    nghttp2_option_set_max_outbound_ack(option, outboundAcknowledgementsMaximum)
    nghttp2_option_set_stream_reset_rate_limit(option, resetBurst, resetsPerSecond)
    nghttp2_option_set_max_continuations(option, continuationsMaximum)
    for type in Self.unknownFrameTypes { nghttp2_option_set_user_recv_extension_type(option, type) }
    nghttp2_option_set_peer_max_concurrent_streams(option, assumedPeerStreamsMaximum)
    return option
  }

  /// The frame types unknown to RFC 9113. nghttp2 skips them silently unless they are registered.
  private static let unknownFrameTypes: ClosedRange<UInt8> = 0x0a...0xff

  /// Queues our SETTINGS and the connection's window.
  func submit(to session: OpaquePointer?, role: HTTP2Session.Role) {
    var entries = [
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
        value: UInt32(streamWindowBytes)
      ),
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
        value: headerListBytesMaximum
      ),
    ]
    switch role {
    case .server:
      entries += [
        nghttp2_settings_entry(
          settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
          value: concurrentStreamsMaximum
        ),
        nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue), value: 1),
      ]
    case .client:
      entries.append(
        nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0)
      )
    }
    nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
    nghttp2_session_set_local_window_size(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, connectionWindowBytes)
  }
}
