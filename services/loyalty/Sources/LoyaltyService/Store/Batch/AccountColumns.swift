import Foundation
import Postgres

/// Accounts turned into columns, as `unnest` takes them.
struct AccountColumns {
  private var lanes: [Int16] = []
  private var members: [UUID] = []
  private var assets: [Int16] = []
  private var available: [Int64] = []
  private var held: [Int64] = []
  private var pending: [Int64] = []
  private var lifetimeEarned: [Int64] = []
  private var lifetimeSpent: [Int64] = []
  private var versions: [Int64] = []
  private var openedAt: [Int64] = []
  private var updatedAt: [Int64] = []
  private var lots = FlatLists()
  private var holds = FlatLists()
  private var pendingLots = FlatLists()

  init(_ accounts: [(key: AccountKey, record: AccountRecord)]) {
    for (key, record) in accounts {
      let holding = record.holding
      lanes.append(Lane(member: key.member).number)
      members.append(key.member)
      assets.append(key.asset.rawValue)
      available.append(holding.available)
      held.append(holding.held)
      pending.append(holding.pendingTotal)
      lifetimeEarned.append(holding.lifetimeEarned)
      lifetimeSpent.append(holding.lifetimeSpent)
      versions.append(record.version)
      openedAt.append(record.openedAt.rawValue)
      updatedAt.append(record.updatedAt.rawValue)
      lots.append(holding.lots.numbers)
      holds.append(holding.holds.isEmpty ? [] : holding.holds.numbers)
      pendingLots.append(holding.pending.isEmpty ? [] : holding.pending.numbers)
    }
  }

  var isEmpty: Bool { members.isEmpty }

  /// A query that gives the accounts back as rows.
  var rows: SQL {
    """
    SELECT lane, member_id, asset, available, held, pending, lifetime_earned, lifetime_spent, version, opened_at,
      updated_at, (\(lots.numbers)::bigint[])[lots_first:lots_last] AS lots,
      CASE WHEN holds_first <= holds_last THEN (\(holds.numbers)::bigint[])[holds_first:holds_last] END AS holds,
      CASE WHEN pending_first <= pending_last THEN (\(pendingLots.numbers)::bigint[])[pending_first:pending_last] END
        AS pending_lots
    FROM unnest(\(lanes), \(members), \(assets), \(available), \(held), \(pending), \(lifetimeEarned), \(lifetimeSpent),
        \(versions), \(openedAt), \(updatedAt), \(lots.firsts), \(lots.lasts), \(holds.firsts), \(holds.lasts),
        \(pendingLots.firsts), \(pendingLots.lasts))
      AS row (lane, member_id, asset, available, held, pending, lifetime_earned, lifetime_spent, version, opened_at,
        updated_at, lots_first, lots_last, holds_first, holds_last, pending_first, pending_last)
    """
  }
}
