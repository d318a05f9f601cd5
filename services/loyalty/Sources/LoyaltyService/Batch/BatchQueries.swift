import FollowedMembers
import Foundation
import Postgres
import ServiceKit

/// One question of a batch to the tables: a statement, and what its rows are in the books.
protocol BatchQuery {
  var statement: SQL { get }
  /// Adds what the statement answered to the books.
  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws
}

/// The programme, and the first request id that is not closed: with what a reading begins.
struct ProgrammeQuery {
  let statement: SQL = "SELECT \(Programme.columns), (\(OpenRequestQuery().statement)) FROM programme"

  /// The books with nothing but the programme.
  func snapshot(_ rows: Rows) throws -> BookSnapshot {
    guard let row = rows.first else { throw BrokenInvariant("there is no programme") }
    return BookSnapshot(
      programme: try Programme(row),
      firstOpenRequest: try row.decode(column: ProgrammeColumn.read.columnCount)
    )
  }
}

/// The first request id that is not closed. Asked once more after entries were read: what was archived before that is then
/// known to be closed.
struct OpenRequestQuery: BatchQuery {
  let statement: SQL = "SELECT next_request_id FROM ledger_closed_month ORDER BY next_request_id DESC LIMIT 1"

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    snapshot.firstOpenRequest = try rows.first?.decode(column: 0, as: UUID.self)
  }
}

/// All accounts of members, and in which standing the members are.
struct AccountQuery: BatchQuery {
  /// Sorted, each once.
  let members: [UUID]

  var statement: SQL {
    """
    SELECT \(AccountColumn.list(AccountColumn.readByBatch, of: "account"))
    FROM unnest(\(members.map { Lane(member: $0).number }), \(members)) AS wanted (lane, member_id)
      JOIN ledger_account AS account ON account.lane = wanted.lane AND account.member_id = wanted.member_id
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    snapshot.accounts.reserveCapacity(rows.count)
    snapshot.latestRequests.reserveCapacity(rows.count)
    for row in rows {
      let (key, record) = try AccountRecord.read(row)
      snapshot.accounts[key] = record
      let column = ColumnReader(row, AccountColumn.readByBatch)
      if try column(.standing, as: MemberStanding.self) == .suspended { snapshot.suspended.insert(key.member) }
      snapshot.latestRequests[key.member, default: 0].raise(to: record.latestRequest)
    }
  }
}

/// Orders with their reversals.
struct OrderQuery: BatchQuery {
  let orderIDs: Set<UUID>

  var statement: SQL {
    """
    SELECT \(OrderRow.columns)
    FROM unnest(\(Array(orderIDs))) AS wanted (order_id)
      JOIN orders ON orders.order_id = wanted.order_id
      LEFT JOIN reversal ON reversal.order_id = orders.order_id
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let order = try OrderRow(row)
      snapshot.orders[order.orderID] = order
    }
  }
}

/// Which orders have receipts.
struct ReceiptQuery: BatchQuery {
  let receipts: [Receipt]

  var statement: SQL {
    """
    SELECT \(OrderColumn.list([.storeID, .receiptNumber, .orderID], of: "orders"))
    FROM unnest(\(receipts.map(\.storeID)), \(receipts.map(\.receiptNumber))) AS wanted (store_id, receipt_number)
      JOIN orders ON orders.store_id = wanted.store_id AND orders.receipt_number = wanted.receipt_number
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let (store, number, order) = try row.decode(String.self, String.self, UUID.self)
      snapshot.receipts[Receipt(storeID: store, receiptNumber: number)] = order
    }
  }
}

/// What became of reservations.
struct ReservationQuery: BatchQuery {
  let reservationIDs: Set<UUID>

  var statement: SQL {
    """
    SELECT \(ReservationColumn.list(ReservationColumn.read, of: "fate"))
    FROM unnest(\(Array(reservationIDs))) AS wanted (reservation_id)
      JOIN reservation_outcome AS fate ON fate.reservation_id = wanted.reservation_id
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let (reservation, fate) = try ReservationFate.read(row)
      snapshot.fates[reservation] = fate
    }
  }
}

/// The digests of requests that reversed an order, of whichever member.
struct ReversalQuery: BatchQuery {
  let requestIDs: Set<UUID>

  var statement: SQL {
    """
    SELECT \(ReversalColumn.list([.requestID, .requestDigest], of: "reversal"))
    FROM unnest(\(Array(requestIDs))) AS wanted (request_id)
      JOIN reversal ON reversal.request_id = wanted.request_id
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let (request, digest) = try row.decode(UUID.self, [UInt8].self)
      snapshot.reversals[request] = digest
    }
  }
}

/// What came back of orders.
struct ReturnQuery: BatchQuery {
  let orderIDs: Set<UUID>

  var statement: SQL {
    """
    SELECT \(ReturnRow.columns)
    FROM unnest(\(Array(orderIDs))) AS wanted (order_id)
      JOIN order_return ON order_return.order_id = wanted.order_id
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let returned = try ReturnRow(row)
      snapshot.returns[returned.orderID, default: .none].add(returned)
    }
  }
}

/// Which returns wait for receipts.
struct WaitingReturnQuery: BatchQuery {
  let receipts: [Receipt]

  var statement: SQL {
    """
    SELECT \(WaitingReturn.columns)
    FROM unnest(\(receipts.map(\.storeID)), \(receipts.map(\.receiptNumber))) AS wanted (store_id, receipt_number)
      JOIN waiting_return AS waiting ON waiting.sale_store_id = wanted.store_id
        AND waiting.receipt_number = wanted.receipt_number
    WHERE NOT EXISTS (SELECT 1 FROM order_return WHERE order_return.return_id = waiting.return_id)
    ORDER BY waiting.recorded_at, waiting.return_id
    """
  }

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let waiting = try WaitingReturn(row)
      snapshot.waiting[waiting.receipt, default: []].append(waiting)
    }
  }
}

/// The entries of requests.
///
/// `OFFSET 0` has each request looked up by itself: a plan that was made while there were no entries would otherwise compare
/// all requests with all entries.
struct EntryQuery: BatchQuery {
  let requests: [RequestKey]

  var statement: SQL {
    """
    SELECT \(EntryColumn.list(EntryColumn.readWithRequest, of: "entry"))
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

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    var found: [RequestKey: RecordedRequest] = [:]
    for row in rows {
      let entry = try EntryRow(row)
      let key = RequestKey(member: entry.member, requestID: entry.requestID)
      let column = ColumnReader(row, EntryColumn.readWithRequest)
      if let digest = try column(.digest, as: [UInt8]?.self) {
        let answer = try column(.answer, as: [UInt8]?.self).map { RecordedAnswer.stored($0) }
        found[key] = RecordedRequest(digest: digest, entries: [], answer: answer)
      }
      found[key]?.entries.append(entry.entry)
    }
    snapshot.requests = found
  }
}

extension UInt64 {
  fileprivate mutating func raise(to other: UInt64) {
    self = Swift.max(self, other)
  }
}
