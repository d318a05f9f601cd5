import Basics
import FollowedMembers
import Foundation
import Postgres
import ServiceKit

/// Whether members are in good standing, stored with their points accounts: a batch reads it with the accounts, in no
/// statement of its own.
struct StandingStore: Sendable {
  /// Records what was heard of members; of each the latest counts. Whoever has no points account gets one.
  func record(_ news: [MemberNews], at now: Instant, in transaction: Transaction) async throws {
    var latest: [UUID: MemberStanding] = [:]
    for news in news { latest[news.member] = news.standing }
    // Most of what is heard of members changes nothing, and then waits for no batch and holds none up.
    let changed = try await changed(latest, in: transaction)
    guard !changed.isEmpty else { return }
    let lanes = Set(changed.map { Lane(member: $0.member).number }).sorted()
    _ = try await transaction.pipeline([
      // As every writer of accounts does, in the same order.
      "SELECT lane FROM lane WHERE lane = ANY (\(lanes)) ORDER BY lane FOR NO KEY UPDATE",
      writing(changed, at: now),
    ])
  }

  /// Those that have no points account, or one that says otherwise.
  private func changed(
    _ standings: [UUID: MemberStanding],
    in transaction: Transaction
  ) async throws -> [(member: UUID, standing: MemberStanding)] {
    let members = Array(standings.keys)
    return try await transaction.query(
      """
      SELECT wanted.member_id, wanted.standing
      FROM unnest(\(members.map { Lane(member: $0).number }), \(members), \(members.map { standings[$0] ?? .active }))
          AS wanted (lane, member_id, standing)
        LEFT JOIN ledger_account AS account ON account.lane = wanted.lane AND account.member_id = wanted.member_id
          AND account.asset = \(AssetID.points.rawValue)
      WHERE account.standing IS DISTINCT FROM wanted.standing
      """
    ).map { try $0.decode(UUID.self, MemberStanding.self) }
  }

  /// The account's version is counted up: a batch that was decided by the standing before is decided again.
  private func writing(_ changed: [(member: UUID, standing: MemberStanding)], at now: Instant) -> SQL {
    """
    INSERT INTO ledger_account AS account (lane, member_id, asset, available, held, pending, lifetime_earned,
      lifetime_spent, version, opened_at, updated_at, lots, standing)
    SELECT lane, member_id, \(AssetID.points.rawValue), 0, 0, 0, 0, 0, 1, \(now.rawValue), \(now.rawValue), '{}', standing
    FROM unnest(\(changed.map { Lane(member: $0.member).number }), \(changed.map(\.member)), \(changed.map(\.standing)))
      AS new (lane, member_id, standing)
    ON CONFLICT (lane, member_id, asset)
      DO UPDATE SET standing = EXCLUDED.standing, version = account.version + 1
    """
  }
}
