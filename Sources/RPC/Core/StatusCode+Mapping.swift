extension StatusCode {
  /// Maps an HTTP status without `grpc-status` to the status that a client reports (grpc
  /// doc/http-grpc-status-mapping.md).
  public init(httpStatus: Int) {
    self =
      switch httpStatus {
      case 400: .internalError
      case 401: .unauthenticated
      case 403: .permissionDenied
      case 404: .unimplemented
      case 429, 502, 503, 504: .unavailable
      default: .unknown
      }
  }

  /// Maps the error code of an RST_STREAM to the status that a client reports (grpc doc/PROTOCOL-HTTP2.md, "Errors").
  public init(http2ErrorCode code: HTTP2ErrorCode) {
    self =
      switch code {
      case .noError, .protocolError, .internalError, .flowControlError, .settingsTimeout, .frameSizeError,
        .compressionError, .connectError:
        .internalError
      case .refusedStream: .unavailable
      case .cancel: .cancelled
      case .enhanceYourCalm: .resourceExhausted
      case .inadequateSecurity: .permissionDenied
      default: .unknown
      }
  }
}
