import Basics
import Foundation
import Postgres
import ServiceKit

/// What a batch writes of orders, answers and events in encodings that the books do not know.
struct EncodedChanges: Sendable {
  /// Of each of ``BookChanges/orders``, in their order.
  var orders: [[UInt8]] = []
  /// Of each answer of ``BookChanges/requests``, in their order; requests without one are left out.
  var answers: [[UInt8]] = []
  /// Of each of ``BookChanges/events``, in their order.
  var events: [EncodedEvent] = []
}

/// An event that is written with what makes it true.
struct EncodedEvent: Sendable, Hashable {
  var eventID: UUID
  /// What kind of event it is.
  var type: String
  /// The member it is about.
  var memberID: UUID
  /// The encoded message.
  var payload: [UInt8]
}

extension BookChanges {
  /// The one statement that writes the batch.
  ///
  /// The lanes' rows are written first, in order, so that no two batches wait for each other: accounts and entries are
  /// written only by who holds their lane. The order is that of the array, as the connection's settings leave no plan that
  /// joins otherwise; if one did, PostgreSQL would notice the deadlock and the batch be decided anew. If an account or the
  /// programme has another version than was read, the statement fails, and nothing of it takes effect.
  func statement(_ encoded: EncodedChanges, programmeVersion: Int64, now: Instant) -> SQL {
    let lanes = entryCounts
    var statement: SQL = """
      WITH stamped AS (
        UPDATE lane SET last_sequence = greatest(lane.last_sequence, \(now.rawValue)) + counts.entry_count
        FROM unnest(\(lanes.map(\.lane)), \(lanes.map(\.count))) AS counts (lane, entry_count)
        WHERE lane.lane = counts.lane
        RETURNING lane.lane, lane.last_sequence - counts.entry_count AS base
      ), numbering AS MATERIALIZED (
        SELECT array_agg(base ORDER BY lane) AS bases FROM stamped
      ), changed AS (
      """
    appendUpdate(at: now, to: &statement)
    appendOpening(at: now, to: &statement)
    statement += "), added AS ("
    appendEntries(encoded.answers, to: &statement)
    for (name, insertion) in insertions(encoded) { statement += "), \(raw: name) AS (\(insertion)" }
    let updates = Int64(accounts.count { $0.record.version > 0 })
    statement += """
      ) SELECT bases, require_unchanged(
        cardinality(bases) = \(Int32(lanes.count)) AND (SELECT count(*) FROM changed) = \(updates)
          AND EXISTS (SELECT 1 FROM programme WHERE version = \(programmeVersion))
      ) FROM numbering
      """
    return statement
  }

  private static let stateAssignments: SQL = AccountColumn.state.map { column in
    SQL(raw: "\(column.name) = new.\(column.name)")
  }.joined(separator: ", ")

  /// Appends the update of the accounts that there are. Every account that a batch touches is written at its moment.
  private func appendUpdate(at now: Instant, to statement: inout SQL) {
    let changed = AccountColumns(accounts.filter { $0.record.version > 0 })
    statement += """
      UPDATE ledger_account AS account SET \(Self.stateAssignments), version = new.version + 1, updated_at = \(now.rawValue),
        room = NULL
      FROM numbering CROSS JOIN (
      """
    changed.appendRows(to: &statement)
    statement += """
      ) AS new
      WHERE \(changed.havePlaces ? "account.ctid = new.place AND " : "" as SQL)account.lane = new.lane AND account.member_id = new.member_id AND account.asset = new.asset
        AND account.version = new.version
      RETURNING 1
      """
  }

  private static let openedColumns: [AccountColumn] = [.lane, .memberID, .asset] + AccountColumn.state

  /// Appends the common table expression `opened`, if there are accounts to open.
  private func appendOpening(at now: Instant, to statement: inout SQL) {
    let opened = AccountColumns(accounts.filter { $0.record.version == 0 })
    guard !opened.isEmpty else { return }
    statement += """
      ), opened AS (
        INSERT INTO ledger_account (\(AccountColumn.names(Self.openedColumns + [.version, .openedAt, .updatedAt])))
        SELECT \(AccountColumn.list(Self.openedColumns, of: "new")), 1, \(now.rawValue), \(now.rawValue)
        FROM numbering CROSS JOIN (
      """
    opened.appendRows(to: &statement)
    statement += ") AS new"
  }

  /// Appends the insertion of the entries, whose places in their lanes become sequences.
  private func appendEntries(_ encodedAnswers: [[UInt8]], to statement: inout SQL) {
    // By lane, which one of the batch's lanes it is, counted from 1.
    var ranks = [Int16](repeating: 0, count: Int(Lane.count))
    for (number, lane) in entryCounts.enumerated() { ranks[Int(lane.lane)] = Int16(number + 1) }
    statement += "INSERT INTO ledger_entry (\(EntryColumn.names(EntryColumn.allCases))) SELECT "
    for column in EntryColumn.allCases {
      if column != .lane { statement += ", " }
      if column == .sequence { statement += "numbering.bases[(\(ranks))[new.lane + 1]] + " }
      statement += "new.\(raw: column.name)"
    }
    statement += " FROM numbering CROSS JOIN ("
    EntryColumns(requests, encodedAnswers: encodedAnswers).appendRows(to: &statement)
    statement += ") AS new"
  }

  /// What is inserted besides accounts and entries, by the names of the common table expressions.
  private func insertions(_ encoded: EncodedChanges) -> [(name: String, insertion: SQL)] {
    var insertions: [(String, SQL)] = []
    if !orders.isEmpty { insertions.append(("posted", OrderColumn.insertion(orders, documents: encoded.orders))) }
    if let settled = ReservationColumn.insertion(orders) { insertions.append(("settled", settled)) }
    if !reversals.isEmpty { insertions.append(("reversed", ReversalColumn.insertion(reversals))) }
    if !returns.isEmpty { insertions.append(("returned", ReturnColumn.insertion(returns))) }
    if !waitingReturns.isEmpty { insertions.append(("waiting", WaitingReturnColumn.insertion(waitingReturns))) }
    if !adjustments.isEmpty { insertions.append(("adjusted", AdjustmentColumn.insertion(adjustments))) }
    if !encoded.events.isEmpty { insertions.append(("announced", encoded.eventInsertion)) }
    return insertions
  }
}

extension EncodedChanges {
  fileprivate var eventInsertion: SQL {
    """
    INSERT INTO event (event_id, type, key, payload)
    SELECT * FROM unnest(\(events.map(\.eventID)), \(events.map(\.type)), \(events.map(\.memberID.text)),
      \(events.map(\.payload)))
    """
  }
}
