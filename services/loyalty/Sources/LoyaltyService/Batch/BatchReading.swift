import Basics
import Foundation
import Postgres
import ServiceKit

/// What a batch of requests needs to know, as statements, and what they answered.
struct BatchReading {
  /// Sorted, each once.
  private var members: [UUID] = []
  private let batch: [LedgerRequest]
  /// The requests that posted the orders of which something is to be taken back.
  private(set) var originals: Set<RequestKey> = []
  private var orders: Set<UUID> = []
  private var receipts: Set<Receipt> = []
  private var reservations: Set<UUID> = []
  private var reversals: Set<UUID> = []
  /// Orders of which something is to be taken back.
  private var takenBack: Set<UUID> = []

  init(_ batch: [LedgerRequest]) {
    self.batch = batch
    let all = batch.map(\.member) + batch.compactMap(\.receiver)
    for member in all.sorted(by: { ($0.high, $0.low) < ($1.high, $1.low) }) where member != members.last {
      members.append(member)
    }
    for request in batch {
      switch request.command {
      case .open, .move, .transfer, .settle, .look: break
      case .post(let draft):
        orders.insert(request.id)
        receipts.insert(Receipt(storeID: draft.key.storeID, receiptNumber: draft.key.receiptNumber))
        if let reservation = draft.key.reservationID { reservations.insert(reservation) }
      case .reverse(let draft):
        orders.insert(draft.orderID)
        reversals.insert(request.id)
        originals.insert(RequestKey(member: request.member, requestID: draft.orderID))
        takenBack.insert(draft.orderID)
      case .takeBack(let draft):
        switch draft.sale {
        case .posted(let orderID, _):
          orders.insert(orderID)
          takenBack.insert(orderID)
          originals.insert(RequestKey(member: request.member, requestID: orderID))
        case .expected(let receipt): receipts.insert(receipt)
        case .unknown: break
        }
      }
    }
  }

  /// The statements, always in this order; those about orders only if there are any.
  var statements: [SQL] {
    var statements = [accountStatement, Self.programmeStatement]
    if !orders.isEmpty || !receipts.isEmpty {
      statements += [
        orderStatement, receiptStatement, fateStatement, reversalStatement, returnStatement, waitingStatement,
      ]
    }
    return statements
  }

  /// The programme, and the first request id that is not closed.
  private static let programmeStatement: SQL =
    "SELECT \(Programme.columns), (\(firstOpenRequest)) FROM programme"

  private static let firstOpenRequest: SQL =
    "SELECT next_request_id FROM ledger_closed_month ORDER BY next_request_id DESC LIMIT 1"

  private var accountStatement: SQL {
    """
    SELECT \(AccountRecord.columns), account.standing
    FROM unnest(\(members.map { Lane(member: $0).number }), \(members)) AS wanted (lane, member_id)
      JOIN ledger_account AS account ON account.lane = wanted.lane AND account.member_id = wanted.member_id
    """
  }

  /// Those of the batch's requests that may have come before, and those that posted the orders of which something is taken
  /// back: their entries must be read too. A request whose id is greater than all that wrote to its member's accounts is new.
  func requestsToFind(_ snapshot: BookSnapshot) -> Set<RequestKey> {
    var wanted = originals
    func look(_ id: UUID, of member: UUID) {
      guard let latest = snapshot.latestRequests[member], id.high <= latest else { return }
      wanted.insert(RequestKey(member: member, requestID: id))
    }
    for request in batch where !request.onlyLooks {
      look(request.id, of: request.member)
      if let receiver = request.receiver { look(request.id, of: receiver) }
    }
    return wanted
  }

  /// The statements that read the entries of requests, then the first request id that is not closed, once more: what was
  /// archived before the entries were read is known to be closed.
  ///
  /// `OFFSET 0` has each request looked up by itself: a plan that was made while there were no entries would otherwise
  /// compare all requests with all entries.
  func requestStatements(_ wanted: Set<RequestKey>) -> [SQL] {
    [requestStatement(wanted), Self.firstOpenRequest]
  }

  private func requestStatement(_ wanted: Set<RequestKey>) -> SQL {
    let requests = Array(wanted)
    return """
      SELECT \(EntryRow.columns), entry.digest, entry.answer
      FROM unnest(\(requests.map { Lane(member: $0.member).number }), \(requests.map(\.member)),
          \(requests.map(\.requestID))) AS wanted (lane, member_id, request_id)
        CROSS JOIN LATERAL (
          SELECT * FROM ledger_entry AS found
          WHERE found.lane = wanted.lane AND found.member_id = wanted.member_id AND found.request_id = wanted.request_id
          OFFSET 0
        ) AS entry
      ORDER BY entry.member_id, entry.request_id, entry.posting
      """
  }

  private var orderStatement: SQL {
    """
    SELECT \(OrderRow.columns), \(PostedOrder.columns)
    FROM unnest(\(Array(orders))) AS wanted (order_id)
      JOIN orders ON orders.order_id = wanted.order_id
      LEFT JOIN reversal ON reversal.order_id = orders.order_id
    """
  }

  private var receiptStatement: SQL {
    let receipts = Array(receipts)
    return """
      SELECT orders.store_id, orders.receipt_number, orders.order_id
      FROM unnest(\(receipts.map(\.storeID)), \(receipts.map(\.receiptNumber))) AS wanted (store_id, receipt_number)
        JOIN orders ON orders.store_id = wanted.store_id AND orders.receipt_number = wanted.receipt_number
      """
  }

  private var fateStatement: SQL {
    """
    SELECT fate.reservation_id, fate.outcome, fate.order_id
    FROM unnest(\(Array(reservations))) AS wanted (reservation_id)
      JOIN reservation_outcome AS fate ON fate.reservation_id = wanted.reservation_id
    """
  }

  private var returnStatement: SQL {
    """
    SELECT \(ReturnRow.columns)
    FROM unnest(\(Array(takenBack))) AS wanted (order_id)
      JOIN order_return ON order_return.order_id = wanted.order_id
    """
  }

  private var waitingStatement: SQL {
    let receipts = Array(receipts)
    return """
      SELECT \(WaitingReturn.columns)
      FROM unnest(\(receipts.map(\.storeID)), \(receipts.map(\.receiptNumber))) AS wanted (store_id, receipt_number)
        JOIN waiting_return AS waiting ON waiting.sale_store_id = wanted.store_id
          AND waiting.receipt_number = wanted.receipt_number
      WHERE NOT EXISTS (SELECT 1 FROM order_return WHERE order_return.return_id = waiting.return_id)
      ORDER BY waiting.recorded_at, waiting.return_id
      """
  }

  private var reversalStatement: SQL {
    """
    SELECT reversal.request_id, reversal.request_digest
    FROM unnest(\(Array(reversals))) AS wanted (request_id)
      JOIN reversal ON reversal.request_id = wanted.request_id
    """
  }
}

extension BatchReading {
  /// Understands what the statements answered.
  func snapshot(_ results: [Rows]) throws -> BookSnapshot {
    guard let first = results[1].first else { throw BrokenInvariant("there is no programme") }
    var reader = RowReader(first)
    var snapshot = BookSnapshot(programme: try Programme.read(&reader))
    snapshot.firstOpenRequest = try reader.next(UUID?.self)
    snapshot.accounts.reserveCapacity(results[0].count)
    snapshot.latestRequests.reserveCapacity(results[0].count)
    for row in results[0] {
      var reader = RowReader(row)
      let (key, record) = try AccountRecord.read(&reader)
      snapshot.accounts[key] = record
      if try reader.next(MemberStanding.self) == .suspended { snapshot.suspended.insert(key.member) }
      snapshot.latestRequests[key.member, default: 0].raise(to: record.latestRequest)
    }
    guard results.count > 2 else { return snapshot }
    for row in results[2] {
      var reader = RowReader(row)
      let order = StoredOrder(row: try OrderRow.read(&reader), posted: try PostedOrder.read(&reader))
      snapshot.orders[order.row.orderID] = order
    }
    for row in results[3] {
      let (store, number, order) = try row.decode(String.self, String.self, UUID.self)
      snapshot.receipts[Receipt(storeID: store, receiptNumber: number)] = order
    }
    for row in results[4] {
      let (reservation, outcome, order) = try row.decode(UUID.self, ReservationOutcome.self, UUID?.self)
      snapshot.fates[reservation] = ReservationFate(outcome: outcome, orderID: order)
    }
    for row in results[5] {
      let (request, digest) = try row.decode(UUID.self, [UInt8].self)
      snapshot.reversals[request] = digest
    }
    for row in results[6] {
      var reader = RowReader(row)
      let row = try ReturnRow.read(&reader)
      snapshot.returns[row.orderID, default: .none].add(row)
    }
    for row in results[7] {
      var reader = RowReader(row)
      let waiting = try WaitingReturn.read(&reader)
      snapshot.waiting[waiting.receipt, default: []].append(waiting)
    }
    return snapshot
  }

  /// Adds what ``requestStatements(_:)`` answered.
  func add(_ results: [Rows], to snapshot: inout BookSnapshot) throws {
    var requests: [RequestKey: RecordedRequest] = [:]
    for row in results[0] {
      var reader = RowReader(row)
      let entry = try EntryRow.read(&reader)
      let (digest, answer) = (try reader.next([UInt8]?.self), try reader.next([UInt8]?.self))
      let key = RequestKey(member: entry.member, requestID: entry.requestID)
      if let digest { requests[key] = RecordedRequest(digest: digest, entries: [], answer: answer) }
      requests[key]?.entries.append(entry.entry)
    }
    snapshot.requests = requests
    snapshot.firstOpenRequest = try results[1].first?.decode(column: 0, as: UUID.self)
  }

  /// Whether another copy of the service did one of the requests after its order was read and before its entries were: the
  /// one is not there, the others are.
  func isTorn(_ snapshot: BookSnapshot) -> Bool {
    batch.contains { request in
      let recorded = snapshot.requests[RequestKey(member: request.member, requestID: request.id)]
      guard recorded?.digest == request.digest else { return false }
      return switch request.command {
      case .post: snapshot.orders[request.id] == nil
      case .reverse(let draft): snapshot.orders[draft.orderID]?.row.reversal == nil
      case .open, .move, .transfer, .takeBack, .settle, .look: false
      }
    }
  }
}

extension LedgerRequest {
  fileprivate var onlyLooks: Bool {
    if case .look = command { true } else { false }
  }

  /// The other member whose accounts it touches.
  fileprivate var receiver: UUID? {
    guard case .transfer(let transfer) = command else { return nil }
    return transfer.to
  }
}

extension UInt64 {
  fileprivate mutating func raise(to other: UInt64) {
    self = Swift.max(self, other)
  }
}
