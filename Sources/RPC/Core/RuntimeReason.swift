/// The stable `ErrorInfo.reason` of a status that the runtime produces, in the domain ``domain``.
public enum RuntimeReason: String, Sendable, CaseIterable {
  /// The `ErrorInfo.domain` of these reasons.
  public static let domain = "rpc.patron"

  /// The server has no method with this path.
  case methodNotFound = "METHOD_NOT_FOUND"
  /// A message exceeds the receiver's limit. Metadata: `limit_bytes`.
  case messageTooLarge = "MESSAGE_TOO_LARGE"
  /// A message could not be decoded or encoded, or its framing is invalid.
  case malformedMessage = "MALFORMED_MESSAGE"
  /// The header list exceeds the receiver's limit. Metadata: `limit_bytes`.
  case metadataTooLarge = "METADATA_TOO_LARGE"
  /// A `-bin` field is not base64.
  case malformedMetadata = "MALFORMED_METADATA"
  /// `grpc-timeout` is invalid.
  case malformedTimeout = "MALFORMED_TIMEOUT"
  /// The message encoding is not supported.
  case unsupportedEncoding = "UNSUPPORTED_ENCODING"
  /// No message or several where the method requires exactly one.
  case wrongCardinality = "WRONG_CARDINALITY"
  /// The deadline passed.
  case deadlineExceeded = "DEADLINE_EXCEEDED"
  /// The peer or the caller cancelled the call.
  case cancelled = "CANCELLED"
  /// The stream made no progress for too long.
  case stalled = "STALLED"
  /// The server has reached its limit of calls in flight. `grpc-retry-pushback-ms` says when to try again.
  case overloaded = "OVERLOADED"
  /// The caller's address makes more calls than it may. RetryInfo says when to try again.
  case tooManyCalls = "TOO_MANY_CALLS"
  /// The connection has reached its limit of running handlers.
  case tooManyRunningCalls = "TOO_MANY_RUNNING_CALLS"
  /// The connection has reached its limit of buffered request bytes.
  case tooManyBufferedBytes = "TOO_MANY_BUFFERED_BYTES"
  /// The connection was lost.
  case connectionLost = "CONNECTION_LOST"
  /// No connection could be established.
  case connectionFailed = "CONNECTION_FAILED"
  /// The server was reached but is not healthy, or does not report its health.
  case unhealthy = "UNHEALTHY"
  /// The channel or server is shutting down.
  case shuttingDown = "SHUTTING_DOWN"
  /// The peer's answer violates the gRPC protocol.
  case protocolViolation = "PROTOCOL_VIOLATION"
  /// The peer answered with a plain HTTP status. Metadata: `http_status`.
  case httpStatus = "HTTP_STATUS"
  /// The peer reset the stream. Metadata: `http2_error`.
  case streamReset = "STREAM_RESET"
  /// A handler failed with an error that the caller may not see.
  case handlerFailed = "HANDLER_FAILED"
}

extension RPCError {
  /// Makes an error of the runtime, always with ``ErrorInfo``.
  init(
    _ code: StatusCode,
    _ reason: RuntimeReason,
    _ message: String,
    info: [String: String] = [:],
    metadata: Metadata = Metadata(),
    cause: (any Error)? = nil
  ) {
    self.init(
      code: code,
      message: message,
      details: [.errorInfo(ErrorInfo(reason: reason.rawValue, domain: RuntimeReason.domain, metadata: info))],
      metadata: metadata,
      cause: cause
    )
  }
}
