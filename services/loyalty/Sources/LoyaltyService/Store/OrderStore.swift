import Foundation
import Postgres
import ServiceKit

/// Posted orders and their reversals in PostgreSQL.
///
/// Locks are taken in one order, so that no two calls can wait for each other: account, order, receipt, reservation.
struct OrderStore: Sendable {
  let database: Database
  let events: EventLog

  /// Posts an order, once.
  ///
  /// - Parameter decide: Decides by what the ledger holds, also anew when that has changed meanwhile.
  /// - Throws: what `decide` throws, or ``ReceiptTaken`` if another order has the receipt; then nothing is written.
  func post(
    _ key: PostingKey,
    decide: (PostingSnapshot) throws -> Decision<PostedOrder, NewOrder>
  ) async throws -> PostedOrder {
    let write = GuardedWrite(
      database: database,
      lock: AccountStore.lock(key.memberId),
      read: PostingSnapshot.query(key),
      parse: PostingSnapshot.init
    )
    let posted = try await write.run { snapshot in
      switch try decide(snapshot) {
      case .answer(let posted): return .answer(posted)
      case .write(let order): return .write((order.insertion, order.answer))
      }
    } conflict: { constraint in
      if constraint == "orders_receipt_key" { try await refuseReceipt(of: key) }
    }
    events.wake()
    return posted
  }

  /// Takes an order back, once.
  ///
  /// - Parameter decide: Decides by what the ledger holds, also anew when that has changed meanwhile.
  /// - Throws: what `decide` throws, or ``OrderMissing``; then nothing is written.
  func reverse(
    _ key: OrderKey,
    by requestId: UUID,
    decide: (ReversalSnapshot) throws -> Decision<OrderRow, NewReversal>
  ) async throws -> OrderRow {
    let write = GuardedWrite(
      database: database,
      lock: ReversalSnapshot.lock(key),
      read: ReversalSnapshot.query(key, by: requestId),
      parse: ReversalSnapshot.init
    )
    let reversed = try await write.run { snapshot in
      switch try decide(snapshot) {
      case .answer(let order): return .answer(order)
      case .write(let new): return .write((new.insertion, new.order))
      }
    } conflict: { _ in
    }
    events.wake()
    return reversed
  }

  /// An order as it stands; nil if there is none.
  func order(_ key: OrderKey) async throws -> OrderRow? {
    let rows = try await database.query(
      """
      SELECT \(OrderRow.columns) FROM orders LEFT JOIN reversal ON reversal.order_id = orders.order_id
      WHERE orders.order_id = \(key.orderId)
      """
    )
    guard let row = rows.first else { return nil }
    var reader = RowReader(row)
    return try OrderRow.read(&reader)
  }

  /// Refuses a receipt that another order has. That it is the order itself means that it was posted at the same moment.
  private func refuseReceipt(of key: PostingKey) async throws {
    let receipt = OrderKey.receipt(storeId: key.storeId, receiptNumber: key.receiptNumber)
    guard let holder = try await order(receipt), holder.orderId != key.orderId else { return }
    throw ReceiptTaken(orderId: holder.orderId)
  }
}

/// There is no such order.
struct OrderMissing: Error, Sendable, Hashable {}

/// Another order has the receipt.
struct ReceiptTaken: Error, Sendable, Hashable {
  let orderId: UUID
}
