import Foundation
import Postgres

/// The one points programme in PostgreSQL.
struct ProgrammeStore: Sendable {
  let database: Database

  /// Creates the programme when the service starts for the first time; leaves it as it is ever after.
  func createIfMissing(_ programme: Programme) async throws {
    let columns = ProgrammeColumn.allCases
    _ = try await database.execute(
      """
      INSERT INTO programme (programme_id, \(ProgrammeColumn.names(columns)))
      VALUES (1, \(columns.map(programme.value).joined(separator: ", ")))
      ON CONFLICT DO NOTHING
      """
    )
  }

  /// The programme as it is.
  func current() async throws -> Programme {
    try Self.only(try await database.query("SELECT \(Programme.columns) FROM programme"))
  }

  /// The programme, locked until the transaction ends.
  func locked(in transaction: Transaction) async throws -> Programme {
    try Self.only(try await transaction.query("SELECT \(Programme.columns) FROM programme FOR UPDATE"))
  }

  /// Whether an order has been posted, with no order posted meanwhile until the transaction ends.
  ///
  /// Writers of orders wait for the lock and then find that the programme has another version.
  func hasOrdersHeldOff(in transaction: Transaction) async throws -> Bool {
    _ = try await transaction.execute("LOCK TABLE orders IN SHARE MODE")
    return try await transaction.query("SELECT 1 FROM orders LIMIT 1").isEmpty == false
  }

  /// Writes a locked programme with its next version.
  func write(_ programme: Programme, in transaction: Transaction) async throws {
    let assignments = ProgrammeColumn.allCases.map { column in
      "\(raw: column.name) = \(programme.value(of: column))" as SQL
    }
    _ = try await transaction.execute("UPDATE programme SET \(assignments.joined(separator: ", "))")
  }

  private static func only(_ rows: Rows) throws -> Programme {
    guard let row = rows.first else { throw BrokenInvariant("there is no programme") }
    return try Programme(row)
  }
}
