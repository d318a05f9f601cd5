/// Why a call failed.
public struct PostgresError: Error, Sendable {
  /// The kind of failure, for code to branch on.
  public struct Kind: Sendable, Hashable {
    private enum Value: Hashable {
      case server, connectionFailed, connectionLost, outcomeUnknown, deadlineExceeded, cancelled, poolExhausted
      case shutDown, decoding, invalidUse, transactionAborted, migration
    }

    private var value: Value

    private init(_ value: Value) {
      self.value = value
    }

    /// PostgreSQL refused the statement; see ``PostgresError/server``.
    public static let server = Kind(.server)
    /// No connection could be established. Nothing was sent.
    public static let connectionFailed = Kind(.connectionFailed)
    /// The connection was lost. The call has certainly changed nothing.
    public static let connectionLost = Kind(.connectionLost)
    /// The connection was lost after a commit or a write outside a transaction had been sent. It may or may not have
    /// taken effect, so only an idempotent statement may be sent again.
    public static let outcomeUnknown = Kind(.outcomeUnknown)
    /// The call's deadline passed.
    public static let deadlineExceeded = Kind(.deadlineExceeded)
    /// The calling task was cancelled.
    public static let cancelled = Kind(.cancelled)
    /// Too many calls wait for a connection, or one waited too long.
    public static let poolExhausted = Kind(.poolExhausted)
    /// The database object is shutting down or has shut down.
    public static let shutDown = Kind(.shutDown)
    /// A field does not have the type or value that the reader expects.
    public static let decoding = Kind(.decoding)
    /// The library was misused, such as by a query on a finished transaction.
    public static let invalidUse = Kind(.invalidUse)
    /// The body succeeded after swallowing an error that had already aborted the transaction. Nothing was committed.
    public static let transactionAborted = Kind(.transactionAborted)
    /// The migrations do not fit the database.
    public static let migration = Kind(.migration)
  }

  /// The kind of failure.
  public var kind: Kind

  /// A sentence for people. Contains no values from statements or tables.
  public var reason: String

  /// PostgreSQL's report, if there is one.
  public var server: ServerError? {
    get { details?.server }
    set { details = newValue.map(Details.init) }
  }

  /// Whether the failed statement may have changed something: always for ``Kind/outcomeUnknown``, and for
  /// ``Kind/cancelled`` or ``Kind/deadlineExceeded`` when a write had been sent.
  public var mayHaveTakenEffect: Bool

  private var details: Details?

  public init(_ kind: Kind, _ reason: String, server: ServerError? = nil, mayHaveTakenEffect: Bool = false) {
    self.kind = kind
    self.reason = reason
    self.mayHaveTakenEffect = mayHaveTakenEffect
    self.details = server.map(Details.init)
  }

  /// Stored apart so that an error is small.
  private final class Details: Sendable {
    let server: ServerError

    init(_ server: ServerError) {
      self.server = server
    }
  }
}

extension PostgresError {
  /// PostgreSQL's error code, if it reported one.
  public var sqlState: SQLState? { server?.sqlState }

  /// The violated constraint, if PostgreSQL named one.
  public var constraint: String? { server?.constraint }

  /// Whether repeating the whole transaction is safe and may succeed: after a serialization failure, a deadlock, a
  /// connection lost without effect, or a statement whose table changed.
  public var isRetryable: Bool {
    if mayHaveTakenEffect { return false }
    switch kind {
    case .connectionLost, .connectionFailed: return true
    case .server: return server.map { $0.sqlState.isTransactionRetryable || $0.isStaleStatement } ?? false
    default: return false
    }
  }
}

extension PostgresError: CustomStringConvertible {
  public var description: String {
    var text = "\(kind): \(reason)"
    if let server { text += " (\(server))" }
    return text
  }
}

extension PostgresError.Kind: CustomStringConvertible {
  public var description: String { "\(value)" }
}

extension PostgresError {
  /// Whether the server closed the connection with this error.
  var isFatal: Bool { server?.isFatal ?? false }

  static func server(_ error: ServerError) -> PostgresError {
    PostgresError(.server, "PostgreSQL refused the statement", server: error)
  }

  static func decoding(_ reason: String) -> PostgresError {
    PostgresError(.decoding, reason)
  }

  static func invalidUse(_ reason: String) -> PostgresError {
    PostgresError(.invalidUse, reason)
  }
}
