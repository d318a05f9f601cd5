/// How one HTTP/2 session behaves; the same for a server's and a client's.
struct HTTP2Settings: Sendable {
  /// Streams the peer may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).
  var concurrentStreamsMaximum: UInt32 = 100
  /// Bytes the peer may send on one stream before credit is returned (SETTINGS_INITIAL_WINDOW_SIZE).
  var streamWindowBytes: Int32 = 256 << 10
  /// Bytes the peer may send on the whole connection before credit is returned.
  var connectionWindowBytes: Int32 = 4 << 20
  /// The header list size announced to the peer (SETTINGS_MAX_HEADER_LIST_SIZE); nghttp2 does not enforce it.
  var headerListBytesMaximum: UInt32 = 16 << 10
  /// The largest header compression table used for sending, in bytes.
  var sendHeaderTableBytes: Int = 4096
  /// Acknowledgements (SETTINGS, PING) that may wait for a peer that does not read; more ends the session.
  var outboundAcknowledgementsMaximum: Int = 1000
  /// Streams the peer may reset at once, and how many of them it wins back each second; more ends the session with
  /// INTERNAL_ERROR (CVE-2023-44487). Only servers count.
  var resetBurst: UInt64 = 1000
  /// See ``resetBurst``.
  var resetsPerSecond: UInt64 = 33
  /// CONTINUATION frames one header block may have; more ends the session (CVE-2024-28182).
  var continuationsMaximum: Int = 8
  /// Streams a client assumes it may open before the server's SETTINGS arrive.
  var assumedPeerStreamsMaximum: UInt32 = 100
}
