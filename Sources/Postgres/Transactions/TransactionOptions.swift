/// How a transaction runs.
public struct TransactionOptions: Sendable {
  /// What a transaction sees of others (PostgreSQL manual, section 13.2).
  public struct Isolation: Sendable, Hashable {
    let sql: String

    /// Each statement sees what was committed before it began. The default.
    public static let readCommitted = Isolation(sql: "READ COMMITTED")
    /// All statements see one snapshot; a write that collides fails with a serialization failure.
    public static let repeatableRead = Isolation(sql: "REPEATABLE READ")
    /// As if transactions ran one after another; one that would not fit fails with a serialization failure.
    public static let serializable = Isolation(sql: "SERIALIZABLE")
  }

  /// What the transaction sees of others.
  public var isolation: Isolation

  /// Whether PostgreSQL refuses every write in it.
  public var isReadOnly: Bool

  /// How often the body is run at most when a serialization failure, a deadlock or a connection lost before the commit
  /// undid it. 1: never again. A body that runs again must have no other effects than its statements.
  public var attempts: Int

  /// The wait before the second attempt; doubled for each further one, of which between half and all at random. 2 ms.
  public var retryDelay: Duration

  public init(
    isolation: Isolation = .readCommitted,
    isReadOnly: Bool = false,
    attempts: Int = 1,
    retryDelay: Duration = .milliseconds(2)
  ) {
    self.isolation = isolation
    self.isReadOnly = isReadOnly
    self.attempts = attempts
    self.retryDelay = retryDelay
  }

  /// All statements see one snapshot and none may write.
  public static let readOnlySnapshot = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)

  /// Serializable, tried up to five times.
  public static let serializable = TransactionOptions(isolation: .serializable, attempts: 5)

  var opening: String {
    var sql = "BEGIN"
    if isolation != .readCommitted || isReadOnly { sql += " ISOLATION LEVEL \(isolation.sql)" }
    if isReadOnly { sql += " READ ONLY" }
    return sql
  }
}
