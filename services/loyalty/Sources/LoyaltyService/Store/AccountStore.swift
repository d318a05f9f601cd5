import Foundation
import Postgres

/// The members' accounts and their entries in PostgreSQL.
struct AccountStore: Sendable {
  let database: Database

  /// Opens a member's account, or leaves it as it is, and returns it.
  func open(member: UUID, now: Date, in transaction: Transaction) async throws -> AccountRow {
    let lane = Lane(member: member).number
    _ = try await transaction.execute(
      """
      INSERT INTO account (lane, member_id, opened_at, updated_at) VALUES (\(lane), \(member), \(now), \(now))
      ON CONFLICT DO NOTHING
      """
    )
    guard let account = try AccountRow.read(try await transaction.query(Self.account(of: member))) else {
      throw BrokenInvariant("an account that was just opened is not there")
    }
    return account
  }

  /// A member's account; nil if there is none.
  func account(of member: UUID) async throws -> AccountRow? {
    try AccountRow.read(try await database.query(Self.account(of: member)))
  }

  /// Locks a member's account until the transaction ends.
  static func lock(_ member: UUID) -> SQL {
    "SELECT 1 FROM account WHERE lane = \(Lane(member: member).number) AND member_id = \(member) FOR UPDATE"
  }

  private static func account(of member: UUID) -> SQL {
    """
    SELECT \(AccountRow.columns) FROM account
    WHERE account.lane = \(Lane(member: member).number) AND account.member_id = \(member)
    """
  }

  /// A member's entries below a number, latest first, with the receipt that caused each.
  func entries(of member: UUID, before number: Int64?, limit: Int) async throws -> [EntryRow] {
    let rows = try await database.query(
      """
      SELECT entry.entry_number, entry.entry_type, entry.points, entry.balance_points, entry.order_id,
        orders.store_id, orders.receipt_number, entry.recorded_at
      FROM entry JOIN orders ON orders.order_id = entry.order_id
      WHERE entry.lane = \(Lane(member: member).number) AND entry.member_id = \(member)
        AND entry.entry_number < \(number ?? .max)
      ORDER BY entry.entry_number DESC LIMIT \(limit)
      """
    )
    return try rows.map(EntryRow.init)
  }
}
