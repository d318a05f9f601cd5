/// The result of one attempt at a call: its status, and whether the server can have acted on it.
struct AttemptOutcome: Sendable {
  /// How far the request can have come. Only a request that no server handled may be repeated without a policy (gRFC
  /// A6, "Transparent Retries").
  enum Processing: Sendable, Hashable {
    /// The server may have handled it.
    case possible
    /// The server did not handle it: REFUSED_STREAM, or a GOAWAY with a smaller last stream identifier.
    case refused
    /// It never left this process.
    case neverSent
  }

  /// Nil when the status is OK.
  var error: RPCError?
  var trailers: Metadata
  var processing: Processing

  var code: StatusCode { error?.code ?? .ok }

  /// Makes the outcome of an attempt with status OK.
  static func success(trailers: Metadata) -> AttemptOutcome {
    AttemptOutcome(error: nil, trailers: trailers, processing: .possible)
  }

  static func failure(_ error: RPCError, processing: Processing = .possible) -> AttemptOutcome {
    AttemptOutcome(error: error, trailers: error.metadata, processing: processing)
  }

  static func violation(_ message: String, _ reason: RuntimeReason = .protocolViolation) -> AttemptOutcome {
    .failure(RPCError(.internalError, reason, message))
  }
}
