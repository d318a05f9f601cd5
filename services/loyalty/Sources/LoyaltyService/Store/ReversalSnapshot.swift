import Foundation
import Postgres

/// Everything that a reversal depends on, as one statement read it.
struct ReversalSnapshot: Sendable {
  var order: OrderRow
  var account: AccountRow
}

extension ReversalSnapshot {
  /// Locks the account of the order to be reversed.
  static func lock(_ key: OrderKey) -> SQL {
    """
    SELECT 1 FROM account JOIN orders ON orders.lane = account.lane AND orders.member_id = account.member_id
    WHERE orders.order_id = \(key.orderId) FOR UPDATE OF account
    """
  }

  /// Reads the snapshot of a reversal: of the order that the request reversed, if it did, or else of the one it names.
  static func query(_ key: OrderKey, by requestId: UUID) -> SQL {
    """
    SELECT \(OrderRow.columns), \(AccountRow.columns)
    FROM orders
      JOIN account ON account.lane = orders.lane AND account.member_id = orders.member_id
      LEFT JOIN reversal ON reversal.order_id = orders.order_id
    WHERE orders.order_id = coalesce((SELECT order_id FROM reversal WHERE request_id = \(requestId)), \(key.orderId))
    """
  }

  /// - Throws: ``OrderMissing`` if there is no such order.
  init(_ rows: Rows) throws {
    guard let row = rows.first else { throw OrderMissing() }
    var reader = RowReader(row)
    order = try OrderRow.read(&reader)
    guard let account = try AccountRow.read(&reader) else { throw BrokenInvariant("an order has no account") }
    self.account = account
  }
}
