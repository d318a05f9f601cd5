import Foundation
import Postgres

/// A member's account as it is stored.
struct AccountRow: Sendable, Hashable {
  /// What the entries add up to.
  var account: Account
  /// Counts the writes; a write computed from this row names it, so that it takes effect only on this very row.
  var version: Int64
  var openedAt: Date
  var updatedAt: Date
}

extension AccountRow {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    account.balance_points, account.lifetime_points_earned, account.lifetime_points_redeemed, \
    account.last_entry_number, account.version, account.opened_at, account.updated_at
    """

  /// Reads the columns; nil if an outer join found no account.
  static func read(_ row: inout RowReader) throws(PostgresError) -> AccountRow? {
    let (balance, earned, redeemed) = (try row.next(Int64?.self), try row.next(Int64?.self), try row.next(Int64?.self))
    let (number, version) = (try row.next(Int64?.self), try row.next(Int64?.self))
    let (openedAt, updatedAt) = (try row.next(Date?.self), try row.next(Date?.self))
    guard let balance, let earned, let redeemed, let number, let version, let openedAt, let updatedAt else {
      return nil
    }
    return AccountRow(
      account: Account(
        balancePoints: balance,
        lifetimePointsEarned: earned,
        lifetimePointsRedeemed: redeemed,
        lastEntryNumber: number
      ),
      version: version,
      openedAt: openedAt,
      updatedAt: updatedAt
    )
  }

  /// Reads the account of a result of at most one row.
  static func read(_ rows: Rows) throws(PostgresError) -> AccountRow? {
    guard let row = rows.first else { return nil }
    var reader = RowReader(row)
    return try read(&reader)
  }
}
