import Foundation
import Postgres

/// Accounts turned into columns, an array parameter each.
struct AccountColumns {
  private var lanes: [Int16] = []
  private var members: [UUID] = []
  private var assets: [Int16] = []
  private var available: [Int64] = []
  private var lifetimeEarned: [Int64] = []
  private var lifetimeSpent: [Int64] = []
  private var versions: [Int64] = []
  private var latestRequests: [Int64] = []
  private var writers: [UUID?] = []
  private var places: [RowPlace] = []
  private var lots = FlatLists()
  /// What few accounts have; not sent if none of them does.
  private var rare = RareColumns()

  init(_ accounts: [(key: AccountKey, record: AccountRecord)]) {
    reserve(accounts.count)
    for (key, record) in accounts {
      let holding = record.holding
      lanes.append(Lane(member: key.member).number)
      members.append(key.member)
      assets.append(key.asset.rawValue)
      available.append(holding.available)
      lifetimeEarned.append(holding.lifetimeEarned)
      lifetimeSpent.append(holding.lifetimeSpent)
      versions.append(record.version)
      latestRequests.append(Int64(bitPattern: record.latestRequest))
      writers.append(record.writtenBy)
      if let place = record.place { places.append(place) }
      lots.append(lotsOf: holding.lots)
      rare.append(holding)
    }
  }

  private mutating func reserve(_ count: Int) {
    lanes.reserveCapacity(count)
    members.reserveCapacity(count)
    assets.reserveCapacity(count)
    available.reserveCapacity(count)
    lifetimeEarned.reserveCapacity(count)
    lifetimeSpent.reserveCapacity(count)
    versions.reserveCapacity(count)
    latestRequests.reserveCapacity(count)
    lots.reserve(count)
    writers.reserveCapacity(count)
    places.reserveCapacity(count)
  }

  var isEmpty: Bool { members.isEmpty }

  /// Whether it is known of each where it lies in the table.
  var havePlaces: Bool { places.count == members.count }

  /// A query that gives the accounts back as rows.
  var rows: SQL {
    var rows: SQL = """
      SELECT \(item: lanes) AS lane, \(item: members) AS member_id, \(item: assets) AS asset,
        \(item: available) AS available, \(item: lifetimeEarned) AS lifetime_earned,
        \(item: lifetimeSpent) AS lifetime_spent, \(item: versions) AS version,
        \(item: latestRequests) AS latest_request, \(item: writers) AS written_by, \(lots.item) AS lots,
        \(rare.selection)
      """
    if havePlaces { rows += ", \(item: places) AS place" }
    rows += " FROM \(numbersTo: members.count)"
    return rows
  }
}

/// What is held and what is pending.
private struct RareColumns {
  private var held: [Int64] = []
  private var pending: [Int64] = []
  private var holds = FlatLists()
  private var pendingLots = FlatLists()
  /// Whether no account has any of it.
  private(set) var isEmpty = true

  mutating func append(_ holding: Holding) {
    if !holding.holds.isEmpty || !holding.pending.isEmpty { isEmpty = false }
    held.append(holding.held)
    pending.append(holding.pendingTotal)
    holds.append(holding.holds.isEmpty ? [] : holding.holds.numbers)
    pendingLots.append(holding.pending.isEmpty ? [] : holding.pending.numbers)
  }

  /// The columns of a query over the accounts' numbers.
  var selection: SQL {
    guard !isEmpty else {
      return "0::bigint AS held, 0::bigint AS pending, NULL::bigint[] AS holds, NULL::bigint[] AS pending_lots"
    }
    return """
      \(item: held) AS held, \(item: pending) AS pending, nullif(\(holds.item), '{}') AS holds,
        nullif(\(pendingLots.item), '{}') AS pending_lots
      """
  }
}
