import Basics
import Foundation
import Postgres
import ServiceKit

// What became of the points of orders of which something is taken back.
extension BatchReading {
  /// Those orders whose points may have expired or been cancelled, with their members: the account does not have them where
  /// they were put. The programme may not want to know.
  func ordersToFollow(_ snapshot: BookSnapshot) -> [RequestKey] {
    guard !snapshot.programme.returnRule.takesGone else { return [] }
    return originals.filter { key in
      guard let account = snapshot.accounts[AccountKey(member: key.member, asset: .points)],
        let earned = snapshot.requests[key]?.entries.last(where: \.isEarned)?.posting
      else { return false }
      if earned.type == .pend { return !account.holding.pending.contains { $0.id == key.requestID } }
      let day = earned.lots.last?.expiresOn ?? .never
      return day != .never && !account.holding.lots.contains { $0.expiresOn == day }
    }
  }

  /// The statement that reads what expired or was cancelled of the members' points since the orders: each history is
  /// followed from the request that wrote last to the order.
  func lapseStatement(_ orders: [RequestKey]) -> SQL {
    """
    WITH RECURSIVE request AS (
      SELECT wanted.order_id, account.lane, account.member_id, account.written_by AS request_id
      FROM unnest(\(orders.map { Lane(member: $0.member).number }), \(orders.map(\.member)),
          \(orders.map(\.requestID))) AS wanted (lane, member_id, order_id)
        JOIN ledger_account AS account ON account.lane = wanted.lane AND account.member_id = wanted.member_id
          AND account.asset = \(AssetID.points.rawValue)
      UNION ALL
      SELECT request.order_id, request.lane, request.member_id, before.follows
      FROM request CROSS JOIN LATERAL (
        SELECT follows FROM ledger_entry AS entry WHERE \(Self.isOfRequest("entry"))
        UNION ALL
        SELECT follows FROM ledger_passage AS passage WHERE \(Self.isOfRequest("passage"))
        LIMIT 1
      ) AS before
      WHERE before.follows IS NOT NULL AND request.request_id <> request.order_id
    )
    SELECT request.order_id, \(EntryRow.columns)
    FROM request CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry AS found
      WHERE \(Self.isOfRequest("found")) AND entry_type IN (\(PostingType.expire), \(PostingType.cancel)) OFFSET 0
    ) AS entry
    """
  }

  /// Whether a row belongs to what `request` names.
  private static func isOfRequest(_ row: String) -> SQL {
    """
    \(raw: row).request_id = request.request_id AND \(raw: row).member_id = request.member_id \
    AND \(raw: row).lane = request.lane AND \(raw: row).asset = \(AssetID.points.rawValue)
    """
  }

  /// Adds what ``lapseStatement(_:)`` answered.
  func addLapses(_ rows: Rows, to snapshot: inout BookSnapshot) throws {
    for row in rows {
      var reader = RowReader(row)
      let order = try reader.next(UUID.self)
      snapshot.lapses[order, default: []].append(try EntryRow.read(&reader).entry.posting)
    }
  }
}

extension RecordedRequest.Entry {
  /// Whether it is what an order earned.
  fileprivate var isEarned: Bool { posting.type == .earn || posting.type == .pend }
}
