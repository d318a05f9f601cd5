import Basics
import Foundation
import Postgres

/// What expired or was cancelled of the members' points since orders of which something is taken back.
///
/// Each history is followed from the request that wrote last to the order.
struct LapseQuery: BatchQuery {
  /// The requests that posted the orders.
  let orders: [RequestKey]

  var statement: SQL {
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
    SELECT request.order_id, \(EntryColumn.list(EntryColumn.read, of: "entry"))
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

  func read(_ rows: Rows, into snapshot: inout BookSnapshot) throws {
    for row in rows {
      let order = try row.decode(column: 0, as: UUID.self)
      snapshot.lapses[order, default: []].append(try EntryRow(row, at: 1).entry.posting)
    }
  }
}
