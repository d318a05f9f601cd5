/// The prepared statements of one connection by text and parameter types. Evicts the least recently used one.
struct StatementCache {
  /// A statement prepared on the server.
  final class Statement {
    /// The statement's name on the server.
    let name: String
    fileprivate let key: String
    fileprivate let types: [PostgresType]
    fileprivate var lastUse = 0

    fileprivate init(name: String, key: String, types: [PostgresType]) {
      self.name = name
      self.key = key
      self.types = types
    }

    fileprivate func fits(_ sql: SQL) -> Bool {
      let entries = sql.parameters.entries
      guard entries.count == types.count else { return false }
      for index in entries.indices where entries[index].type != types[index] { return false }
      return true
    }
  }

  private let capacity: Int
  private var statements: [String: Statement] = [:]
  private var uses = 0
  private var lastName = 0
  /// Names of evicted statements that the server still has.
  private(set) var discarded: [String] = []

  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  var count: Int { statements.count }

  mutating func find(_ sql: SQL) -> Statement? {
    guard var statement = statements[sql.text] else { return nil }
    if !statement.fits(sql) {
      guard let variant = statements[Self.key(ofVariant: sql)] else { return nil }
      statement = variant
    }
    uses += 1
    statement.lastUse = uses
    return statement
  }

  /// Adds a statement that is about to be prepared.
  mutating func add(_ sql: SQL) -> Statement {
    if statements.count >= capacity, let oldest = statements.values.min(by: { $0.lastUse < $1.lastUse }) {
      remove(oldest, isKnownToServer: true)
    }
    uses += 1
    lastName += 1
    let key = statements[sql.text] == nil ? sql.text : Self.key(ofVariant: sql)
    let statement = Statement(name: "p\(lastName)", key: key, types: sql.parameters.entries.map(\.type))
    statement.lastUse = uses
    statements[key] = statement
    return statement
  }

  /// Removes a statement that became stale or was never prepared.
  mutating func remove(_ statement: Statement, isKnownToServer: Bool) {
    guard statements[statement.key] === statement else { return }
    statements[statement.key] = nil
    if isKnownToServer { discarded.append(statement.name) }
  }

  mutating func takeDiscarded() -> [String] {
    defer { discarded.removeAll() }
    return discarded
  }

  /// Makes a key for the same text with other parameter types. No statement's text contains a NUL.
  private static func key(ofVariant sql: SQL) -> String {
    sql.text + "\0" + sql.parameters.entries.map { "\($0.type.rawValue)" }.joined(separator: ",")
  }
}
