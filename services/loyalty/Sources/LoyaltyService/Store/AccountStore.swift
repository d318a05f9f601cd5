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

  /// A member's entries that moved something, before one of them, latest first, with the receipt that caused each.
  ///
  /// They come in the order of their request ids, which is the order in which they were asked for.
  func entries(of member: UUID, before position: EntryPosition?, limit: Int) async throws -> [ListedEntry] {
    let before = position ?? .last
    let rows = try await database.query(
      """
      SELECT \(EntryRow.columns), orders.store_id, orders.receipt_number
      FROM ledger_entry AS entry LEFT JOIN orders ON orders.order_id = entry.reference
      WHERE entry.lane = \(Lane(member: member).number) AND entry.member_id = \(member) AND entry.amount > 0
        AND (entry.request_id, entry.posting) < (\(before.requestId), \(before.number))
      ORDER BY entry.request_id DESC, entry.posting DESC LIMIT \(limit)
      """
    )
    return try rows.map { row in
      var reader = RowReader(row)
      let entry = try EntryRow.read(&reader)
      return ListedEntry(row: entry, storeId: try reader.next() ?? "", receiptNumber: try reader.next() ?? "")
    }
  }
}

/// An entry's place in its member's history.
struct EntryPosition: Sendable, Hashable {
  var requestId: UUID
  var number: Int16

  /// After every entry.
  static let last = EntryPosition(
    requestId: UUID(uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255)),
    number: .max
  )
}

/// An entry with the receipt that caused it; empty texts if none did.
struct ListedEntry: Sendable, Hashable {
  var row: EntryRow
  var storeId: String
  var receiptNumber: String
}
