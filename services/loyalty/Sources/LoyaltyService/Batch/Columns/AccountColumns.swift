import Basics
import Foundation
import Postgres

/// The columns of `ledger_account`. Not listed is `room`, which only makes rows larger.
enum AccountColumn: Int, TableColumn {
  // Written only: they follow from the others.
  case lane, held, pending
  case memberID, asset, available, lifetimeEarned, lifetimeSpent, version, openedAt, updatedAt, lots, holds, pendingLots
  case latestRequest, writtenBy
  // Read only: where the row lies, and what members announced.
  case ctid, standing

  /// What is read of an account.
  static let read = memberID...ctid
  /// What a batch reads of an account.
  static let readByBatch = memberID...standing
  /// What each batch that touches an account writes anew.
  static let state: [AccountColumn] = [
    .available, .held, .pending, .lifetimeEarned, .lifetimeSpent, .latestRequest, .writtenBy, .lots, .holds,
    .pendingLots,
  ]
}

extension AccountRecord {
  /// Reads an account, of which the row has ``AccountColumn/read``. One whose lots do not add up is read as one that is not
  /// sound and has nothing: the requests of other members in the same batch do not suffer from it.
  static func read(_ row: Row) throws -> (AccountKey, AccountRecord) {
    let column = ColumnReader(row, AccountColumn.read)
    let holding = Holding(
      lots: try column(.lots),
      available: try column(.available),
      pending: try column(.pendingLots, as: [Int64]?.self) ?? [],
      holds: try column(.holds, as: [Int64]?.self) ?? [],
      lifetimeEarned: try column(.lifetimeEarned),
      lifetimeSpent: try column(.lifetimeSpent)
    )
    let record = AccountRecord(
      holding: holding ?? .empty,
      version: try column(.version),
      openedAt: Instant(rawValue: try column(.openedAt)),
      updatedAt: Instant(rawValue: try column(.updatedAt)),
      latestRequest: UInt64(bitPattern: try column(.latestRequest, as: Int64.self)),
      writtenBy: try column(.writtenBy),
      place: AccountPlace(try column(.ctid)),
      isSound: holding != nil
    )
    let key = AccountKey(member: try column(.memberID), asset: AssetID(rawValue: try column(.asset)))
    return (key, record)
  }
}

extension AccountPlace {
  fileprivate init(_ place: RowPlace) { self.init(block: place.block, offset: place.offset) }
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

/// Accounts turned into columns, an array parameter each.
struct AccountColumns {
  /// What a batch says of an account; when it was opened and updated is the batch's moment.
  private static let written: [AccountColumn] = [.lane, .memberID, .asset, .version] + AccountColumn.state

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
      if let place = record.place { places.append(RowPlace(block: place.block, offset: place.offset)) }
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

  /// Appends a query that gives the accounts back as rows, with `place` if it is known where all of them lie.
  func appendRows(to statement: inout SQL) {
    statement += "SELECT "
    for column in Self.written {
      append(column, to: &statement)
      statement += " AS \(raw: column.name), "
    }
    statement += havePlaces ? "\(item: places) AS place" : "NULL::tid AS place"
    statement += " FROM \(numbersTo: members.count)"
  }

  /// Appends what a column is in the numbered row.
  private func append(_ column: AccountColumn, to statement: inout SQL) {
    switch column {
    case .lane: statement += "\(item: lanes)"
    case .memberID: statement += "\(item: members)"
    case .asset: statement += "\(item: assets)"
    case .available: statement += "\(item: available)"
    case .held: statement += rare.held
    case .pending: statement += rare.pending
    case .lifetimeEarned: statement += "\(item: lifetimeEarned)"
    case .lifetimeSpent: statement += "\(item: lifetimeSpent)"
    case .version: statement += "\(item: versions)"
    case .lots: statement += lots.item
    case .holds: statement += rare.holds
    case .pendingLots: statement += rare.pendingLots
    case .latestRequest: statement += "\(item: latestRequests)"
    case .writtenBy: statement += "\(item: writers)"
    case .openedAt, .updatedAt, .ctid, .standing: preconditionFailure("a batch does not say this of an account")
    }
  }
}

/// What is held and what is pending.
private struct RareColumns {
  private var heldSums: [Int64] = []
  private var pendingSums: [Int64] = []
  private var holdLists = FlatLists()
  private var pendingLists = FlatLists()
  /// Whether no account has any of it.
  private var isEmpty = true

  mutating func append(_ holding: Holding) {
    if !holding.holds.isEmpty || !holding.pending.isEmpty { isEmpty = false }
    heldSums.append(holding.held)
    pendingSums.append(holding.pendingTotal)
    holdLists.append(holding.holds.isEmpty ? [] : holding.holds.numbers)
    pendingLists.append(holding.pending.isEmpty ? [] : holding.pending.numbers)
  }

  var held: SQL { isEmpty ? "0::bigint" : "\(item: heldSums)" }
  var pending: SQL { isEmpty ? "0::bigint" : "\(item: pendingSums)" }
  var holds: SQL { isEmpty ? "NULL::bigint[]" : "nullif(\(holdLists.item), '{}')" }
  var pendingLots: SQL { isEmpty ? "NULL::bigint[]" : "nullif(\(pendingLists.item), '{}')" }
}

extension LotKey {
  /// The last day of a lot as an expression, from one for its key: see ``rawValue``.
  ///
  /// - Parameter key: A column or an item of an array.
  static func day(of key: String) -> SQL {
    "(CASE WHEN \(raw: key) < -2147483648 THEN \(raw: key) + 4294967296 ELSE \(raw: key) END)"
  }
}
