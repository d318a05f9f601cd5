import Basics
import Foundation
import Postgres
import ServiceKit

/// Finds accounts that time changes, lane by lane. A lane's accounts are read from end to end: an index on what every posting
/// changes would cost every posting more.
struct ExpiryStore: Sendable {
  let database: Database

  /// The accounts of a lane for which something is due. Of money only bonus expires, which comes first among the lots.
  func due(in lane: Int16, at time: LedgerTime) async throws -> [AccountKey] {
    try await database.query(
      """
      SELECT member_id, asset FROM ledger_account
      WHERE lane = \(lane) AND (\(LotKey.day(of: "lots[1]")) < \(Int64(time.today.rawValue)) OR holds[3] <= \(time.now.rawValue)
        OR pending_lots[5] BETWEEN 0 AND \(time.now.rawValue))
      """
    ).map { row in
      let (member, asset) = try row.decode(UUID.self, Int16.self)
      return AccountKey(member: member, asset: AssetID(rawValue: asset))
    }
  }

  /// Records the lots of a lane that expire from today to a day and have not been announced, at most `limit`, and returns
  /// them. Of several instances of the service that do so at once, one gets each.
  func recordNotices(in lane: Int16, from today: Day, to last: Day, limit: Int, in transaction: Transaction)
    async throws
    -> [ExpiryNotice]
  {
    try await transaction.query(
      """
      WITH soon AS (
        SELECT member_id, asset, day::integer AS expires_on, sum(lots[place + 1])::bigint AS amount
        FROM ledger_account AS account CROSS JOIN LATERAL generate_series(1, cardinality(lots), 2) AS place
          CROSS JOIN LATERAL (SELECT \(LotKey.day(of: "lots[place]")) AS day) AS expiry
        WHERE lane = \(lane) AND lots[1] <= \(Int64(last.rawValue))
          AND day BETWEEN \(Int64(today.rawValue)) AND \(Int64(last.rawValue))
          AND NOT EXISTS (
            SELECT 1 FROM expiry_notice AS notice WHERE notice.lane = account.lane
              AND notice.member_id = account.member_id AND notice.asset = account.asset
              AND notice.expires_on = day)
        GROUP BY member_id, asset, day
        ORDER BY member_id, asset, expires_on LIMIT \(limit)
      ), recorded AS (
        INSERT INTO expiry_notice (lane, member_id, asset, expires_on)
        SELECT \(lane), member_id, asset, expires_on FROM soon
        ON CONFLICT DO NOTHING RETURNING member_id, asset, expires_on
      )
      SELECT member_id, asset, expires_on, amount FROM soon JOIN recorded USING (member_id, asset, expires_on)
      """
    ).map { row in
      let (member, asset, day, amount) = try row.decode(UUID.self, Int16.self, Int32.self, Int64.self)
      return ExpiryNotice(
        key: AccountKey(member: member, asset: AssetID(rawValue: asset)),
        lot: Lot(expiresOn: Day(rawValue: day), amount: amount)
      )
    }
  }

  /// Removes what was announced of days that are over.
  func removeNotices(before today: Day) async throws {
    _ = try await database.execute("DELETE FROM expiry_notice WHERE expires_on < \(today.rawValue)")
  }
}

/// A lot of which it is announced that it expires soon.
struct ExpiryNotice: Sendable, Hashable {
  var key: AccountKey
  var lot: Lot
}
