import Logging
import Postgres
import RPC

/// Turns errors of the database that a handler let through into the status the caller can act on, and logs what is
/// hidden from the caller: refused statements, and whatever else a handler failed with. Innermost of the interceptors.
struct ErrorMappingInterceptor: CallErrorTranslator {
  let domain: String
  let logger: Logger

  func translated(_ error: RPCError, _ context: ServerContext) -> RPCError {
    guard error.code == .unknown, let cause = error.cause else { return error }
    if let cause = cause as? PostgresError { return mapped(cause, context) }
    logger.error(
      "a handler failed",
      metadata: ["rpc.method": "\(context.method.fullName)", "error": "\(ErrorText.of(cause))"]
    )
    return error
  }

  private func mapped(_ error: PostgresError, _ context: ServerContext) -> RPCError {
    let status = error.rpcError(domain: domain)
    if status.code == .internalError {
      logger.error(
        "the database refused a statement",
        metadata: [
          "rpc.method": "\(context.method.fullName)", "error.kind": "\(error.kind)",
          "error.reason": "\(error.reason)", "error.sqlstate": "\(error.sqlState?.rawValue ?? "")",
          "error.constraint": "\(error.constraint ?? "")",
        ]
      )
    }
    return status
  }
}
