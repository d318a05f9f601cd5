import Postgres
import RPC

/// What may be logged of an error: never values from tables or requests.
enum ErrorText {
  static func of(_ error: any Error) -> String {
    switch error {
    case let error as RPCError: "\(error.code) \(error.info?.reason ?? ""): \(error.message)"
    case let error as PostgresError: text(error)
    case let error as UnusableEvent: error.reason
    default: String(describing: type(of: error))
    }
  }

  private static func text(_ error: PostgresError) -> String {
    var text = "\(error.kind): \(error.reason)"
    if let state = error.sqlState { text += " (SQLSTATE \(state))" }
    if let constraint = error.constraint { text += " (constraint \(constraint))" }
    return text
  }
}
