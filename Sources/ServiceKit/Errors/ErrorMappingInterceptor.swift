import Logging
import Postgres
import RPC

/// Turns errors of the database that a handler let through into the status the caller can act on, and logs what is
/// hidden from the caller. Innermost of the interceptors.
struct ErrorMappingInterceptor: ServerInterceptor {
  let domain: String
  let logger: Logger

  func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    do {
      try await next()
    } catch let error as RPCError {
      guard error.code == .unknown, let cause = error.cause as? PostgresError else { throw error }
      throw mapped(cause, context)
    } catch let error as PostgresError {
      throw mapped(error, context)
    }
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
