/// The status of a failed call, on the server and on the client.
///
/// Handlers throw it to choose the status, and client calls throw it. Any other error of a handler becomes `UNKNOWN`
/// without text, so that nothing internal leaks.
///
/// One word in size, so that successful calls do not pay for the contents of an error.
public struct RPCError: Error, Sendable {
  private struct Fields: Sendable {
    var code: StatusCode
    var message: String
    var details: [ErrorDetail]
    var metadata: Metadata
    var cause: (any Error)?
  }

  private final class Storage: Sendable {
    let fields: Fields
    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  /// The status.
  public var code: StatusCode {
    get { storage.fields.code }
    set { change { $0.code = newValue } }
  }

  /// A text for the developer on the other side. Not for end users, never a secret.
  public var message: String {
    get { storage.fields.message }
    set { change { $0.message = newValue } }
  }

  /// Machine-readable details (`grpc-status-details-bin`).
  public var details: [ErrorDetail] {
    get { storage.fields.details }
    set { change { $0.details = newValue } }
  }

  /// Trailing metadata sent with the status.
  public var metadata: Metadata {
    get { storage.fields.metadata }
    set { change { $0.metadata = newValue } }
  }

  /// The local cause, never sent.
  public var cause: (any Error)? {
    get { storage.fields.cause }
    set { change { $0.cause = newValue } }
  }

  /// Makes an error.
  public init(
    code: StatusCode,
    message: String = "",
    details: [ErrorDetail] = [],
    metadata: Metadata = Metadata(),
    cause: (any Error)? = nil
  ) {
    storage = Storage(Fields(code: code, message: message, details: details, metadata: metadata, cause: cause))
  }

  private mutating func change(_ body: (inout Fields) -> Void) {
    var fields = storage.fields
    body(&fields)
    storage = Storage(fields)
  }

  /// The first ``ErrorInfo`` among the details, with the stable reason for decisions.
  public var info: ErrorInfo? {
    for case .errorInfo(let info) in details { return info }
    return nil
  }
}

extension RPCError: CustomStringConvertible {
  /// Code and message, without details or metadata.
  public var description: String { message.isEmpty ? code.description : "\(code): \(message)" }
}
