public import Postgres
public import RPC

extension PostgresError {
  /// The status for a call that the database failed. Nothing of what PostgreSQL wrote goes into it; the error itself
  /// is kept as the cause, for the log on this side.
  ///
  /// An unknown outcome is reported as `UNAVAILABLE` with the reason `OUTCOME_UNKNOWN`: the caller sends the request again
  /// under the same request id and gets either the first answer or a first execution.
  public func rpcError(domain: String = CommonReason.domain) -> RPCError {
    let reason = commonReason
    var error = reason.error(domain: domain)
    if reason == .databaseUnavailable || reason == .outcomeUnknown {
      error.details.append(.retryInfo(RetryInfo(retryDelay: .milliseconds(250))))
    }
    error.cause = self
    return error
  }

  /// The reason that tells the caller what to do.
  var commonReason: CommonReason {
    switch kind {
    case .connectionFailed, .connectionLost, .poolExhausted, .shutDown: .databaseUnavailable
    case .outcomeUnknown: .outcomeUnknown
    case .deadlineExceeded: .databaseDeadlineExceeded
    case .cancelled: .cancelled
    case .server: Self.reason(of: sqlState)
    default: .databaseRefused
    }
  }

  private static func reason(of state: SQLState?) -> CommonReason {
    guard let state else { return .databaseRefused }
    switch state {
    case .serializationFailure, .deadlockDetected, .lockNotAvailable: return .conflict
    case .queryCanceled: return .databaseDeadlineExceeded
    case .adminShutdown, .crashShutdown, .cannotConnectNow, .tooManyConnections: return .databaseUnavailable
    case .diskFull, .outOfMemory: return .databaseUnavailable
    case .statementCompletionUnknown: return .outcomeUnknown
    default: return .databaseRefused
    }
  }
}
