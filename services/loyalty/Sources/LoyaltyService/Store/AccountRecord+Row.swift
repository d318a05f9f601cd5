import Foundation
import Postgres

extension AccountRecord {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    account.member_id, account.asset, account.available, account.lifetime_earned, account.lifetime_spent, \
    account.version, account.opened_at, account.updated_at, account.lots, account.holds, account.pending_lots, \
    account.latest_request, account.written_by, account.ctid
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws -> (AccountKey, AccountRecord) {
    let key = AccountKey(member: try row.next(), asset: AssetID(rawValue: try row.next()))
    let available: Int64 = try row.next()
    let (earned, spent) = (try row.next(Int64.self), try row.next(Int64.self))
    let version: Int64 = try row.next()
    let (openedAt, updatedAt) = (Instant(rawValue: try row.next()), Instant(rawValue: try row.next()))
    let lots = try [Lot](numbers: try row.next([Int64].self))
    let holds = try row.next([Int64]?.self).map { try [Hold](numbers: $0) } ?? []
    let pending = try row.next([Int64]?.self).map { try [PendingLot](numbers: $0) } ?? []
    let holding = Holding(
      lots: lots,
      debt: lots.reduce(0) { $0 + $1.amount } - available,
      pending: pending,
      holds: holds,
      lifetimeEarned: earned,
      lifetimeSpent: spent
    )
    let record = AccountRecord(
      holding: holding,
      version: version,
      openedAt: openedAt,
      updatedAt: updatedAt,
      latestRequest: UInt64(bitPattern: try row.next(Int64.self)),
      writtenBy: try row.next(UUID?.self),
      place: try row.next(RowPlace.self)
    )
    return (key, record)
  }
}
