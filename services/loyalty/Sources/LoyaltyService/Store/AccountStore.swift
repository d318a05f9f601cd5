import Foundation
import Postgres

/// The members' accounts and their entries in PostgreSQL, for reading.
struct AccountStore: Sendable {
  let database: Database

  /// What members have of assets; those without an account are left out.
  func accounts(_ keys: [AccountKey]) async throws -> [AccountKey: AccountRecord] {
    let rows = try await database.query(
      """
      SELECT \(AccountRecord.columns)
      FROM unnest(\(keys.map { Lane(member: $0.member).number }), \(keys.map(\.member)), \(keys.map(\.asset.rawValue)))
          AS wanted (lane, member_id, asset)
        JOIN ledger_account AS account ON account.lane = wanted.lane AND account.member_id = wanted.member_id
          AND account.asset = wanted.asset
      """
    )
    var found: [AccountKey: AccountRecord] = [:]
    for row in rows {
      var reader = RowReader(row)
      let (key, record) = try AccountRecord.read(&reader)
      found[key] = record
    }
    return found
  }

  /// A member's entries that moved something, recorded before one of them, latest first, with the receipt that caused each.
  ///
  /// All of the member's entries are looked at, by the index that begins with the member: the one that begins with the
  /// order, which a plan for the first few would choose, has those of all members.
  func entries(of member: UUID, before sequence: Int64?, limit: Int) async throws -> [ListedEntry] {
    let rows = try await database.query(
      """
      WITH entry AS MATERIALIZED (
        SELECT * FROM ledger_entry WHERE lane = \(Lane(member: member).number) AND member_id = \(member) AND amount > 0
      )
      SELECT \(EntryRow.columns), orders.store_id, orders.receipt_number
      FROM entry LEFT JOIN orders ON orders.order_id = entry.reference
      WHERE entry.sequence < \(sequence ?? .max)
      ORDER BY entry.sequence DESC LIMIT \(limit)
      """
    )
    return try rows.map { row in
      var reader = RowReader(row)
      let entry = try EntryRow.read(&reader)
      return ListedEntry(row: entry, storeId: try reader.next() ?? "", receiptNumber: try reader.next() ?? "")
    }
  }
}

/// An entry with the receipt that caused it; empty texts if none did.
struct ListedEntry: Sendable, Hashable {
  var row: EntryRow
  var storeId: String
  var receiptNumber: String
}
