/// An error reported by PostgreSQL, with all its fields.
///
/// ``message``, ``detail`` and ``context`` can contain values from tables and statements. Do not log or return them.
public struct ServerError: Sendable, Hashable {
  public var sqlState: SQLState
  /// `ERROR`, `FATAL` or `PANIC`. The last two close the connection.
  public var severity: String
  public var message: String
  public var detail: String?
  public var hint: String?
  /// The error's position in the statement's text, counted in characters from 1.
  public var position: Int?
  /// The PL/pgSQL call stack or similar context.
  public var context: String?
  public var schema: String?
  public var table: String?
  public var column: String?
  /// The violated constraint's name.
  public var constraint: String?
  /// The function in PostgreSQL's source that raised the error.
  public var routine: String?

  public init(sqlState: SQLState, severity: String = "ERROR", message: String) {
    self.sqlState = sqlState
    self.severity = severity
    self.message = message
  }

  /// Whether the server closes the connection after this error.
  var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }

  /// Whether a prepared statement became stale: its table changed, or the server lost it.
  var isStaleStatement: Bool {
    sqlState == .invalidStatementName || (sqlState == .featureNotSupported && routine == "RevalidateCachedQuery")
  }
}

extension ServerError: CustomStringConvertible {
  /// The code and the names of the objects concerned, without values.
  public var description: String {
    var text = "\(severity) \(sqlState)"
    if let constraint { text += " constraint \(constraint)" }
    if let table { text += " table \(schema.map { "\($0)." } ?? "")\(table)" }
    if let column { text += " column \(column)" }
    return text
  }
}
