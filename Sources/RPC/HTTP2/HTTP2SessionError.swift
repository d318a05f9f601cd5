internal import CNGHTTP2

/// A session that cannot go on: the connection must be closed once what is left to send has been sent.
struct HTTP2SessionError: Error, Hashable {
  /// nghttp2's own number, negative.
  var number: Int32
}

extension HTTP2SessionError: CustomStringConvertible {
  var description: String { String(cString: nghttp2_strerror(number)) }
}
