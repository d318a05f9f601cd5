/// What every connection is told when it begins.
public struct SessionConfiguration: Sendable {
  /// Shown in `pg_stat_activity`.
  public var applicationName: String = "patron"

  /// The schemas that unqualified names are looked up in; nil leaves the role's own.
  public var searchPath: [String]?

  /// The server's own limit for one statement (`statement_timeout`), the backstop behind the deadline on this side.
  /// 35 s; nil for none.
  public var statementTimeout: Duration? = .seconds(35)

  /// How long a transaction may sit without a statement before the server ends its connection. 60 s; nil for none.
  public var idleInTransactionTimeout: Duration? = .seconds(60)

  /// How long a statement may wait for one lock; nil, the default, leaves it to the statement's own limit.
  public var lockTimeout: Duration?

  /// Further server settings by name.
  public var settings: [String: String] = [:]

  public init() {}

  /// The documented defaults.
  public static let defaults = SessionConfiguration()

  /// All of it as server settings.
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
