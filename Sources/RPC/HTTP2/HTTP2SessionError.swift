internal import CNGHTTP2

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
