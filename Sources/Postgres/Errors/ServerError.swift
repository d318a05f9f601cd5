/// An error that PostgreSQL reported, with everything it said about it.
///
/// ``message``, ``detail`` and ``context`` can hold values from tables and statements; keep them out of logs and answers.
public struct ServerError: Sendable, Hashable {
  public var sqlState: SQLState
  /// `ERROR`, `FATAL` or `PANIC`; after the last two the connection is gone.
  public var severity: String
  public var message: String
  public var detail: String?
  public var hint: String?
  /// Where in the statement's text the error lies, counted in characters from 1.
  public var position: Int?
  /// The PL/pgSQL call stack and the like.
  public var context: String?
  public var schema: String?
  public var table: String?
  public var column: String?
  /// The violated constraint's name.
  public var constraint: String?
  /// The function in PostgreSQL's source that reported the error.
  public var routine: String?

  public init(sqlState: SQLState, severity: String = "ERROR", message: String) {
    self.sqlState = sqlState
    self.severity = severity
    self.message = message
  }

  /// Whether the server ends the connection after this error.
  var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }

  /// Whether only a prepared statement went stale: its table changed under it, or the server forgot it.
  var isStaleStatement: Bool {
    sqlState == .invalidStatementName || (sqlState == .featureNotSupported && routine == "RevalidateCachedQuery")
  }
}

extension ServerError: CustomStringConvertible {
  /// The code and the names of what it is about; no values.
  public var description: String {
    var text = "\(severity) \(sqlState)"
    if let constraint { text += " constraint \(constraint)" }
    if let table { text += " table \(schema.map { "\($0)." } ?? "")\(table)" }
    if let column { text += " column \(column)" }
    return text
  }
}
