import Basics
import Foundation
import Postgres
import ServiceKit

/// The batched ledger in PostgreSQL: one round trip reads what a batch needs, two if some of it may have come before, three
/// if points of a sale that is taken back may be gone, and one statement writes what it does.
struct LedgerStore: Sendable {
  let database: Database

  /// How often a batch is read again that another instance of the service wrote to in between. What is missing after that
  /// is missing for good.
  private static let attemptsMaximum = 10

  /// Reads the part of the ledger that these requests need.
  func read(_ requests: [LedgerRequest]) async throws -> BookSnapshot {
    let reading = BatchReading(requests)
    let (programme, queries) = (ProgrammeQuery(), reading.queries)
    var attempt = 1
    while true {
      let results = try await database.pipeline([programme.statement] + queries.map(\.statement))
      var snapshot = try programme.snapshot(results[0])
      for (query, rows) in zip(queries, results.dropFirst()) { try query.read(rows, into: &snapshot) }
      let entryQueries = reading.entryQueries(snapshot)
      guard !entryQueries.isEmpty else { return snapshot }
      try await read(entryQueries, into: &snapshot)
      try await read(reading.lapseQueries(snapshot), into: &snapshot)
      if !reading.isTorn(snapshot) || attempt == Self.attemptsMaximum { return snapshot }
      attempt += 1
    }
  }

  private func read(_ queries: [any BatchQuery], into snapshot: inout BookSnapshot) async throws {
    guard !queries.isEmpty else { return }
    let results = try await database.pipeline(queries.map(\.statement))
    for (query, rows) in zip(queries, results) { try query.read(rows, into: &snapshot) }
  }

  /// Writes what a batch did, provided that all it was computed from is still as it was read.
  ///
  /// - Returns: For each lane the number that the sequences of its entries count from.
  /// - Throws: ``PostgresError`` with `serializationFailure` or `uniqueViolation` when something has changed; then
  ///   nothing is written.
  func write(
    _ changes: BookChanges,
    _ encoded: EncodedChanges = EncodedChanges(),
    programmeVersion: Int64,
    now: Instant
  ) async throws -> [Int64] {
    let statement = changes.statement(encoded, programmeVersion: programmeVersion, now: now)
    let rows = try await database.query(statement)
    guard let row = rows.first else { throw BrokenInvariant("a batch was written without numbers") }
    var bases = [Int64](repeating: 0, count: Int(Lane.count))
    for (entries, base) in zip(changes.entryCounts, try row.decode(column: 0, as: [Int64].self)) {
      bases[Int(entries.lane)] = base
    }
    return bases
  }
}

/// What a batch of requests needs to know of the ledger, and in which queries it is read.
struct BatchReading {
  private let batch: [LedgerRequest]
  /// The requests that posted the orders of which something is taken back.
  private var originals: Set<RequestKey> = []
  private var orders: Set<UUID> = []
  private var receipts: Set<Receipt> = []
  private var reservations: Set<UUID> = []
  private var reversals: Set<UUID> = []
  /// Orders of which something is taken back.
  private var returned: Set<UUID> = []

  init(_ batch: [LedgerRequest]) {
    self.batch = batch
    for request in batch {
      switch request.command {
      case .open, .move, .transfer, .settle, .read: break
      case .post(let draft):
        orders.insert(request.id)
        receipts.insert(draft.key.receipt)
        if let reservation = draft.key.reservationID { reservations.insert(reservation) }
      case .reverse(let draft):
        reversals.insert(request.id)
        addReturned(draft.orderID, of: request.member)
      case .postReturn(let draft):
        switch draft.sale {
        case .posted(let orderID, _): addReturned(orderID, of: request.member)
        case .expected(let receipt): receipts.insert(receipt)
        case .unknown: break
        }
      }
    }
  }

  private mutating func addReturned(_ orderID: UUID, of member: UUID) {
    orders.insert(orderID)
    returned.insert(orderID)
    originals.insert(RequestKey(member: member, requestID: orderID))
  }

  /// The members whose accounts are read, sorted, each once.
  private var members: [UUID] {
    var members: [UUID] = []
    let all = batch.map(\.member) + batch.compactMap(\.receiver)
    for member in all.sorted(by: { ($0.high, $0.low) < ($1.high, $1.low) }) where member != members.last {
      members.append(member)
    }
    return members
  }

  /// What is read first, after the programme; of orders only if the batch has to do with any.
  var queries: [any BatchQuery] {
    var queries: [any BatchQuery] = [AccountQuery(members: members)]
    if !orders.isEmpty || !receipts.isEmpty {
      let receipts = Array(receipts)
      queries += [
        OrderQuery(orderIDs: orders), ReceiptQuery(receipts: receipts), ReservationQuery(reservationIDs: reservations),
        ReversalQuery(requestIDs: reversals), ReturnQuery(orderIDs: returned), WaitingReturnQuery(receipts: receipts),
      ]
    }
    return queries
  }

  /// What is read then: the entries of those requests of the batch that may have come before, and of those that posted the
  /// orders of which something is taken back. Nothing if there are none: a request whose id is greater than all that wrote
  /// to its member's accounts is new.
  func entryQueries(_ snapshot: BookSnapshot) -> [any BatchQuery] {
    var wanted = originals
    func add(_ id: UUID, of member: UUID) {
      guard let latest = snapshot.latestRequests[member], id.high <= latest else { return }
      wanted.insert(RequestKey(member: member, requestID: id))
    }
    for request in batch where !request.onlyReads {
      add(request.id, of: request.member)
      if let receiver = request.receiver { add(request.id, of: receiver) }
    }
    return wanted.isEmpty ? [] : [EntryQuery(requests: Array(wanted)), OpenRequestQuery()]
  }

  /// What is read last: what became of the points of those orders whose points may have expired or been cancelled, because
  /// the account does not have them where they were put. The programme may not want to know.
  func lapseQueries(_ snapshot: BookSnapshot) -> [any BatchQuery] {
    guard !snapshot.programme.returnRule.takesGone else { return [] }
    let orders = originals.filter { key in
      guard let account = snapshot.accounts[AccountKey(member: key.member, asset: .points)],
        let earned = snapshot.requests[key]?.entries.last(where: \.isEarned)?.posting
      else { return false }
      if earned.type == .pend { return !account.holding.pending.contains { $0.id == key.requestID } }
      let day = earned.lots.last?.expiresOn ?? .never
      return day != .never && !account.holding.lots.contains { $0.expiresOn == day }
    }
    return orders.isEmpty ? [] : [LapseQuery(orders: Array(orders))]
  }

  /// Whether another instance of the service did one of the requests after its order was read and before its entries were:
  /// the one is not there, the others are.
  func isTorn(_ snapshot: BookSnapshot) -> Bool {
    batch.contains { request in
      let recorded = snapshot.requests[RequestKey(member: request.member, requestID: request.id)]
      guard recorded?.digest == request.digest else { return false }
      return switch request.command {
      case .post: snapshot.orders[request.id] == nil
      case .reverse(let draft): snapshot.orders[draft.orderID]?.reversal == nil
      case .open, .move, .transfer, .postReturn, .settle, .read: false
      }
    }
  }
}

extension LedgerRequest {
  fileprivate var onlyReads: Bool {
    if case .read = command { true } else { false }
  }

  /// The other member whose accounts it touches.
  fileprivate var receiver: UUID? {
    guard case .transfer(let transfer) = command else { return nil }
    return transfer.to
  }
}

extension RecordedRequest.Entry {
  /// Whether it is what an order earned.
  fileprivate var isEarned: Bool { posting.type == .earn || posting.type == .pend }
}
