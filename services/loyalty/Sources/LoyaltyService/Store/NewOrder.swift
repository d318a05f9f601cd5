import Foundation
import Postgres

/// A decided posting, ready to be written.
struct NewOrder: Sendable {
  var key: PostingKey
  /// What it was computed from.
  var versions: LedgerVersions
  var occurredAt: Date
  var postedAt: Date
  /// What it does to the ledger.
  var posting: OrderPosting
  /// What is answered, now and whenever the request comes again.
  var answer: PostedOrder
  /// What is announced.
  var event: NewEvent
}

extension NewOrder {
  /// Writes the posting, all of it or, if a version has changed, nothing; returns a row if it did.
  ///
  /// Everything hangs on `changed`, so the account's row is locked first.
  var insertion: SQL {
    let amounts = posting.amounts
    return """
      WITH \(posting.account.update(of: key.memberId, if: versions, now: postedAt)), posted AS (
        INSERT INTO orders (order_id, lane, member_id, store_id, receipt_number, request_digest, occurred_at, posted_at,
          gross_minor_units, coupon_discount_minor_units, points_discount_minor_units, payable_minor_units,
          points_redeemed, points_earned, balance_points, posted_order)
        SELECT \(key.orderId), lane, member_id, \(key.storeId), \(key.receiptNumber), \(answer.requestDigest),
          \(occurredAt), \(postedAt), \(amounts.gross), \(amounts.couponDiscount), \(amounts.pointsDiscount),
          \(amounts.payable), \(posting.pointsRedeemed), \(posting.pointsEarned), \(answer.balancePoints),
          \(answer.encodedOrder)
        FROM changed
      ), added AS (
        \(posting.entries.insertion(order: key.orderId, request: key.orderId, now: postedAt))
      ), settled AS (
        INSERT INTO reservation_outcome (reservation_id, outcome, order_id, settled_at)
        SELECT \(key.reservationId), \(ReservationOutcome.posted), \(key.orderId), \(postedAt)
        FROM changed WHERE \(key.reservationId) IS NOT NULL
      ), announced AS (
        \(event.insertion(from: "changed"))
      )
      SELECT 1 FROM changed
      """
  }
}
