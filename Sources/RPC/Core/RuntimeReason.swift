/// The stable `ErrorInfo.reason` of a status that the runtime itself produced, under the domain ``domain``.
public enum RuntimeReason: String, Sendable, CaseIterable {
  /// The `ErrorInfo.domain` of these reasons.
  public static let domain = "rpc.patron"

  /// The path names no method of this server.
  case methodNotFound = "METHOD_NOT_FOUND"
  /// A message is larger than the receiver allows. Metadata: `limit_bytes`.
  case messageTooLarge = "MESSAGE_TOO_LARGE"
  /// A message could not be decoded or encoded, or its framing is broken.
  case malformedMessage = "MALFORMED_MESSAGE"
  /// The header list is larger than the receiver allows. Metadata: `limit_bytes`.
  case metadataTooLarge = "METADATA_TOO_LARGE"
  /// A `-bin` field is not base64.
  case malformedMetadata = "MALFORMED_METADATA"
  /// `grpc-timeout` cannot be read.
  case malformedTimeout = "MALFORMED_TIMEOUT"
  /// The message encoding is not supported.
  case unsupportedEncoding = "UNSUPPORTED_ENCODING"
  /// None or several messages where the method takes exactly one.
  case wrongCardinality = "WRONG_CARDINALITY"
  /// Time ran out.
  case deadlineExceeded = "DEADLINE_EXCEEDED"
  /// The other side, or the caller itself, gave the call up.
  case cancelled = "CANCELLED"
  /// The stream made no progress for too long.
  case stalled = "STALLED"
  /// The server has as many calls in flight as it takes. `grpc-retry-pushback-ms` says when to come back.
  case overloaded = "OVERLOADED"
  /// This connection runs as many handlers as one connection may.
  case tooManyRunningCalls = "TOO_MANY_RUNNING_CALLS"
  /// This connection buffers as many request bytes as one connection may.
  case tooManyBufferedBytes = "TOO_MANY_BUFFERED_BYTES"
  /// The connection was lost.
  case connectionLost = "CONNECTION_LOST"
  /// No connection could be made.
  case connectionFailed = "CONNECTION_FAILED"
  /// A server is reached, and says that it is not healthy, or does not say that it is.
  case unhealthy = "UNHEALTHY"
  /// The channel or server is shutting down.
  case shuttingDown = "SHUTTING_DOWN"
  /// The peer's answer breaks the gRPC protocol.
  case protocolViolation = "PROTOCOL_VIOLATION"
  /// The peer answered with a plain HTTP status. Metadata: `http_status`.
  case httpStatus = "HTTP_STATUS"
  /// The peer reset the stream. Metadata: `http2_error`.
  case streamReset = "STREAM_RESET"
  /// A handler failed with an error that is not for the caller to see.
  case handlerFailed = "HANDLER_FAILED"
}

extension RPCError {
  /// An error the runtime itself produces: always with ``ErrorInfo``.
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
