import CNGHTTP2

@testable import RPC

extension HTTP2Session {
  /// Allows the peer to send `bytes` more at once, whatever was received.
  func grantWindow(stream: HTTPStream, bytes: Int32) {
    nghttp2_submit_window_update(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, bytes)
  }
}
