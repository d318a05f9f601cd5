import Basics
import Foundation
import Postgres

extension AccountRecord {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    account.member_id, account.asset, account.available, account.lifetime_earned, account.lifetime_spent, \
    account.version, account.opened_at, account.updated_at, account.lots, account.holds, account.pending_lots, \
    account.latest_request, account.written_by, account.ctid
    """

  /// How many they are.
  static let columnCount = 14

  /// Reads the columns. An account whose lots do not add up is read as one that is not sound and has nothing: the requests
  /// of other members in the same batch do not suffer from it.
  static func read(_ row: inout RowReader) throws -> (AccountKey, AccountRecord) {
    let key = AccountKey(member: try row.next(), asset: AssetID(rawValue: try row.next()))
    let available: Int64 = try row.next()
    let (earned, spent) = (try row.next(Int64.self), try row.next(Int64.self))
    let version: Int64 = try row.next()
    let (openedAt, updatedAt) = (Instant(rawValue: try row.next()), Instant(rawValue: try row.next()))
    let (lots, holds, pending) = (try row.next([Int64].self), try row.next([Int64]?.self), try row.next([Int64]?.self))
    let holding = Holding(
      lots: lots,
      available: available,
      pending: pending ?? [],
      holds: holds ?? [],
      lifetimeEarned: earned,
      lifetimeSpent: spent
    )
    let record = AccountRecord(
      holding: holding ?? .empty,
      version: version,
      openedAt: openedAt,
      updatedAt: updatedAt,
      latestRequest: UInt64(bitPattern: try row.next(Int64.self)),
      writtenBy: try row.next(UUID?.self),
      place: try row.next(RowPlace.self),
      isSound: holding != nil
    )
    return (key, record)
  }
}

extension Holding {
  /// A holding as it was stored; nil if it is not sound.
  fileprivate init?(
    lots: [Int64],
    available: Int64,
    pending: [Int64],
    holds: [Int64],
    lifetimeEarned: Int64,
    lifetimeSpent: Int64
  ) {
    do {
      let lots = try [Lot](numbers: lots)
      let (debt, overflow) = lots.reduce(0) { $0 &+ $1.amount }.subtractingReportingOverflow(available)
      self.init(
        lots: lots,
        debt: debt,
        pending: try [PendingLot](numbers: pending),
        holds: try [Hold](numbers: holds),
        lifetimeEarned: lifetimeEarned,
        lifetimeSpent: lifetimeSpent
      )
      guard !overflow, isSound else { return nil }
    } catch { return nil }
  }
}

extension PointsRounding: PostgresCodable {}
extension PostingType: PostgresCodable, PostgresArrayElement {}
extension PostingAccount: PostgresCodable, PostgresArrayElement {}
extension ReservationOutcome: PostgresCodable {}

extension LotKey {
  /// The last day of a lot as an expression, from one for its key: see ``rawValue``.
  ///
  /// - Parameter key: A column or an item of an array.
  static func day(of key: String) -> SQL {
    "(CASE WHEN \(raw: key) < -2147483648 THEN \(raw: key) + 4294967296 ELSE \(raw: key) END)"
  }
}
