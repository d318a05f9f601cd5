/// How one call failed: what the caller is told, on the server and on the client.
///
/// A handler throws it to choose the status; a client call throws it. Any other error a handler throws becomes
/// `UNKNOWN` with no text, so that nothing internal leaks.
public struct RPCError: Error, Sendable {
  /// The status.
  public var code: StatusCode
  /// A text for the developer on the other side; not for end users, never a secret.
  public var message: String
  /// Machine-readable details (`grpc-status-details-bin`).
  public var details: [ErrorDetail]
  /// Trailing metadata that travels with the status.
  public var metadata: Metadata
  /// What led here, on this side only; never sent.
  public var cause: (any Error)?

  /// Makes an error.
  public init(
    code: StatusCode,
    message: String = "",
    details: [ErrorDetail] = [],
    metadata: Metadata = Metadata(),
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
    self.cause = cause
  }

  /// The first ``ErrorInfo`` among the details: the stable reason to decide by.
  public var info: ErrorInfo? {
    for case .errorInfo(let info) in details { return info }
    return nil
  }
}

extension RPCError: CustomStringConvertible {
  /// Code and message, without details or metadata.
  public var description: String { message.isEmpty ? code.description : "\(code): \(message)" }
}
