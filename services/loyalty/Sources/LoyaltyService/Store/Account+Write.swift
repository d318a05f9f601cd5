import Foundation
import Postgres

extension Account {
  /// The common table expression `changed`: the account's row brought to this state, provided that the versions this
  /// state was computed from are still there.
  func update(of member: UUID, if versions: LedgerVersions, now: Date) -> SQL {
    var update: SQL = """
      changed AS (
        UPDATE account SET balance_points = \(balancePoints), lifetime_points_earned = \(lifetimePointsEarned),
          lifetime_points_redeemed = \(lifetimePointsRedeemed), last_entry_number = \(lastEntryNumber),
          version = version + 1, updated_at = \(now)
        WHERE lane = \(Lane(member: member).number) AND member_id = \(member) AND version = \(versions.account)
      """
    if let programme = versions.programme {
      update += " AND EXISTS (SELECT 1 FROM programme WHERE version = \(programme))"
    }
    return update + " RETURNING lane, member_id)"
  }
}

extension [LedgerEntry] {
  /// Adds the entries to the account that `changed` names.
  func insertion(order: UUID, request: UUID, now: Date) -> SQL {
    """
    INSERT INTO entry (lane, member_id, entry_number, entry_type, from_account, to_account, points, balance_points,
      order_id, request_id, recorded_at)
    SELECT changed.lane, changed.member_id, new.entry_number, new.entry_type, new.from_account, new.to_account,
      new.points, new.balance_points, \(order), \(request), \(now)
    FROM changed, unnest(\(map(\.number)), \(map(\.type)), \(map(\.type.from)), \(map(\.type.to)), \(map(\.points)),
      \(map(\.balancePoints))) AS new (entry_number, entry_type, from_account, to_account, points, balance_points)
    """
  }
}
