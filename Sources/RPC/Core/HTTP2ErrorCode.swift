/// Why a stream or a connection was ended (RFC 9113 section 7). An open set.
public struct HTTP2ErrorCode: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public var rawValue: UInt32

  /// Makes a code from any number, known or not.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Graceful end.
  public static let noError = HTTP2ErrorCode(rawValue: 0x0)
  /// The peer violated the protocol.
  public static let protocolError = HTTP2ErrorCode(rawValue: 0x1)
  /// An implementation error.
  public static let internalError = HTTP2ErrorCode(rawValue: 0x2)
  /// The peer sent more than its window.
  public static let flowControlError = HTTP2ErrorCode(rawValue: 0x3)
  /// SETTINGS were not acknowledged in time.
  public static let settingsTimeout = HTTP2ErrorCode(rawValue: 0x4)
  /// A frame arrived after the stream was half closed.
  public static let streamClosed = HTTP2ErrorCode(rawValue: 0x5)
  /// A frame had an invalid size.
  public static let frameSizeError = HTTP2ErrorCode(rawValue: 0x6)
  /// The stream was not processed, so repeating it is safe.
  public static let refusedStream = HTTP2ErrorCode(rawValue: 0x7)
  /// The stream is no longer needed.
  public static let cancel = HTTP2ErrorCode(rawValue: 0x8)
  /// The header compression state is broken.
  public static let compressionError = HTTP2ErrorCode(rawValue: 0x9)
  /// The connection behind a CONNECT failed.
  public static let connectError = HTTP2ErrorCode(rawValue: 0xa)
  /// The peer causes excessive load.
  public static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 0xb)
  /// The transport's security is insufficient.
  public static let inadequateSecurity = HTTP2ErrorCode(rawValue: 0xc)
  /// HTTP/1.1 must be used instead.
  public static let http11Required = HTTP2ErrorCode(rawValue: 0xd)
}

extension HTTP2ErrorCode: CustomStringConvertible {
  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]

  /// The code's name in RFC 9113, such as `REFUSED_STREAM`.
  public var description: String {
    rawValue < UInt32(Self.names.count) ? Self.names[Int(rawValue)] : "HTTP2_ERROR_\(rawValue)"
  }
}
