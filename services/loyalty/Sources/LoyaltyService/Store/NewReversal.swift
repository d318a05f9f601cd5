import Foundation
import Postgres

/// A decided reversal, ready to be written.
struct NewReversal: Sendable {
  /// The order with its reversal.
  var order: OrderRow
  /// What it was computed from.
  var versions: LedgerVersions
  var row: ReversalRow
  /// What it does to the ledger.
  var reversal: OrderReversal
  /// What is announced.
  var event: NewEvent
}

extension NewReversal {
  /// Writes the reversal, all of it or, if a version has changed, nothing; returns a row if it did.
  var insertion: SQL {
    """
    WITH \(reversal.account.update(of: order.memberId, if: versions, now: row.reversedAt)),
    reversed AS (
      INSERT INTO reversal (request_id, order_id, request_digest, reason, points_taken, points_returned, points_short,
        balance_points, reversed_at)
      SELECT \(row.requestId), \(order.orderId), \(row.requestDigest), \(row.reason), \(row.pointsTaken),
        \(row.pointsReturned), \(row.pointsShort), \(row.balancePoints), \(row.reversedAt)
      FROM changed
    ), added AS (
      \(reversal.entries.insertion(order: order.orderId, request: row.requestId, now: row.reversedAt))
    ), announced AS (
      \(event.insertion(from: "changed"))
    )
    SELECT 1 FROM changed
    """
  }
}
