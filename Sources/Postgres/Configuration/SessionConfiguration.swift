/// The server settings of every connection.
public struct SessionConfiguration: Sendable {
  /// Shown in `pg_stat_activity`.
  public var applicationName: String = "patron"

  /// The schemas in which unqualified names are resolved. Nil leaves the role's own.
  public var searchPath: [String]?

  /// The server's limit for one statement (`statement_timeout`), in case the client's deadline does not end it. 35 s;
  /// nil for none.
  public var statementTimeout: Duration? = .seconds(35)

  /// How long a transaction may be idle before the server closes its connection. 60 s; nil for none.
  public var idleInTransactionTimeout: Duration? = .seconds(60)

  /// How long a statement may wait for one lock. Nil, the default: only the statement's limit applies.
  public var lockTimeout: Duration?

  /// Other server settings by name.
  public var settings: [String: String] = [:]

  public init() {}

  /// The documented defaults.
  public static let defaults = SessionConfiguration()

  /// All settings as the server names them.
  var serverSettings: [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    if let searchPath {
      result.append(("search_path", searchPath.map(SQL.quoted(identifier:)).joined(separator: ",")))
    }
    if let statementTimeout { result.append(("statement_timeout", "\(statementTimeout.wholeMilliseconds)")) }
    if let idleInTransactionTimeout {
      result.append(("idle_in_transaction_session_timeout", "\(idleInTransactionTimeout.wholeMilliseconds)"))
    }
    if let lockTimeout { result.append(("lock_timeout", "\(lockTimeout.wholeMilliseconds)")) }
    return result + settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
