public import Messages
import Postgres
public import RPC

/// What may be logged of an error: never values from tables or requests.
public enum ErrorText {
  /// The text of an error that is written to be safe; of any other, the name of its type.
  public static func of(_ error: any Error) -> String {
    switch error {
    case let error as RPCError: text(error)
    case let error as PostgresError: text(error)
    case let error as UnusableEvent: error.reason
    case let error as any LoggableError: "\(type(of: error)): \(error.description)"
    default: String(describing: type(of: error))
    }
  }

  private static func text(_ error: RPCError) -> String {
    let text = "\(error.code) \(error.info?.reason ?? ""): \(error.message)"
    return error.cause.map { "\(text) (cause: \(of($0)))" } ?? text
  }

  private static func text(_ error: PostgresError) -> String {
    var text = "\(error.kind): \(error.reason)"
    if let state = error.sqlState { text += " (SQLSTATE \(state))" }
    if let constraint = error.constraint { text += " (constraint \(constraint))" }
    return text
  }
}

/// An error whose text may be logged: it holds no values from tables or requests.
public protocol LoggableError: Error, CustomStringConvertible {}

extension MessageError: LoggableError {}
extension RuntimeError: LoggableError {}
