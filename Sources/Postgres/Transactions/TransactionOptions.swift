import Basics

/// The options of a transaction.
public struct TransactionOptions: Sendable {
  /// The isolation level (PostgreSQL manual, section 13.2).
  public struct Isolation: Sendable, Hashable {
    let sql: String

    /// Each statement sees what was committed before it began. The default.
    public static let readCommitted = Isolation(sql: "READ COMMITTED")
    /// All statements see one snapshot. A conflicting write fails with a serialization failure.
    public static let repeatableRead = Isolation(sql: "REPEATABLE READ")
    /// Behaves as if transactions ran one after another. One that cannot fails with a serialization failure.
    public static let serializable = Isolation(sql: "SERIALIZABLE")
  }

  /// The isolation level.
  public var isolation: Isolation

  /// Whether PostgreSQL refuses every write.
  public var isReadOnly: Bool

  /// The greatest number of attempts after serialization failures, deadlocks and connections lost before the commit. 1:
  /// no repetition. A body that is repeated must have no effects other than its statements.
  public var attempts: Int

  /// The pause before the second attempt, doubled for each further one, of which between half and all at random. 2 ms.
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

  /// One snapshot for all statements, without writes.
  public static let readOnlySnapshot = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)

  /// Serializable, with up to five attempts.
  public static let serializable = TransactionOptions(isolation: .serializable, attempts: 5)

  /// How long to wait before the body is run again.
  var retry: Backoff { Backoff(first: retryDelay, maximum: retryDelay * 1_024, spread: 0.5...1) }

  var opening: String {
    var sql = "BEGIN"
    if isolation != .readCommitted || isReadOnly { sql += " ISOLATION LEVEL \(isolation.sql)" }
    if isReadOnly { sql += " READ ONLY" }
    return sql
  }
}
