import Basics
import Foundation
import Postgres
import ServiceKit

extension BookChanges {
  /// The one statement that writes the batch.
  ///
  /// The lanes' rows are written first, in order, so that no two batches wait for each other: accounts and entries are
  /// written only by who holds their lane. The order is that of the array, as the connection's settings leave no plan that
  /// joins otherwise; if one did, PostgreSQL would notice the deadlock and the batch be decided anew. If an account or the
  /// programme has another version than was read, the statement fails, and nothing of it takes effect.
  func statement(programmeVersion: Int64, now: Instant) -> SQL {
    let lanes = entryCounts
    var ranks = [Int16](repeating: 0, count: Int(Lane.count))
    for (number, lane) in lanes.enumerated() { ranks[Int(lane.lane)] = Int16(number + 1) }
    var statement: SQL = """
      WITH stamped AS (
        UPDATE lane SET last_sequence = greatest(lane.last_sequence, \(now.rawValue)) + counts.entry_count
        FROM unnest(\(lanes.map(\.lane)), \(lanes.map(\.count))) AS counts (lane, entry_count)
        WHERE lane.lane = counts.lane
        RETURNING lane.lane, lane.last_sequence - counts.entry_count AS base
      ), numbering AS MATERIALIZED (
        SELECT array_agg(base ORDER BY lane) AS bases FROM stamped
      ), \(accountParts(now)), added AS (\(entryInsertion(ranks)))
      """
    if !orders.isEmpty { statement += ", \(orderParts)" }
    if !reversals.isEmpty { statement += ", reversed AS (\(reversalInsertion))" }
    if !returns.isEmpty { statement += ", returned AS (\(returnInsertion))" }
    if !waitingReturns.isEmpty { statement += ", waiting AS (\(waitingReturnInsertion))" }
    if !adjustments.isEmpty { statement += ", adjusted AS (\(adjustmentInsertion))" }
    if !events.isEmpty { statement += ", announced AS (\(eventInsertion))" }
    let updates = Int64(accounts.count { $0.record.version > 0 })
    statement += """
       SELECT bases, require_unchanged(
        cardinality(bases) = \(Int32(lanes.count)) AND (SELECT count(*) FROM changed) = \(updates)
          AND EXISTS (SELECT 1 FROM programme WHERE version = \(programmeVersion))
      ) FROM numbering
      """
    return statement
  }

  /// The common table expressions `changed` and `opened`: every account that a batch touches is written at its moment.
  private func accountParts(_ now: Instant) -> SQL {
    let changed = AccountColumns(accounts.filter { $0.record.version > 0 })
    let opened = AccountColumns(accounts.filter { $0.record.version == 0 })
    var parts: SQL = """
      changed AS (
        UPDATE ledger_account AS account SET available = new.available, held = new.held, pending = new.pending,
          lifetime_earned = new.lifetime_earned, lifetime_spent = new.lifetime_spent, version = new.version + 1,
          updated_at = \(now.rawValue), latest_request = new.latest_request, written_by = new.written_by,
          lots = new.lots, holds = new.holds, pending_lots = new.pending_lots, room = NULL
        FROM numbering CROSS JOIN (\(changed.rows)) AS new
        WHERE \(changed.havePlaces ? "account.ctid = new.place AND " : "" as SQL)account.lane = new.lane AND account.member_id = new.member_id AND account.asset = new.asset
          AND account.version = new.version
        RETURNING 1
      )
      """
    if !opened.isEmpty {
      parts += """
        , opened AS (
          INSERT INTO ledger_account (lane, member_id, asset, available, held, pending, lifetime_earned, lifetime_spent,
            version, opened_at, updated_at, latest_request, written_by, lots, holds, pending_lots)
          SELECT new.lane, new.member_id, new.asset, new.available, new.held, new.pending, new.lifetime_earned,
            new.lifetime_spent, 1, \(now.rawValue), \(now.rawValue), new.latest_request, new.written_by, new.lots,
            new.holds, new.pending_lots
          FROM numbering CROSS JOIN (\(opened.rows)) AS new
        )
        """
    }
    return parts
  }

  /// - Parameter ranks: By lane, which one of the batch's lanes it is, counted from 1.
  private func entryInsertion(_ ranks: [Int16]) -> SQL {
    """
    INSERT INTO ledger_entry (lane, member_id, request_id, posting, entry_type, asset, from_account, to_account, amount,
      available, sequence, reference, lots, digest, answer, follows)
    SELECT new.lane, new.member_id, new.request_id, new.posting, new.entry_type, new.asset, new.from_account,
      new.to_account, new.amount, new.available, numbering.bases[(\(ranks))[new.lane + 1]] + new.place, new.reference,
      new.lots, new.digest, new.answer, new.follows
    FROM numbering CROSS JOIN (\(EntryColumns(requests).rows)) AS new
    """
  }

  /// The common table expressions `posted` and, for orders with coupons, `settled`.
  private var orderParts: SQL {
    var parts: SQL = """
      posted AS (
        INSERT INTO orders (order_id, lane, member_id, store_id, receipt_number, request_digest, occurred_at, posted_at,
          gross_minor_units, coupon_discount_minor_units, points_discount_minor_units, payable_minor_units,
          points_redeemed, points_earned, balance_points, posted_order)
        SELECT * FROM unnest(\(orders.map(\.key.orderID)), \(orders.map { Lane(member: $0.key.memberID).number }),
          \(orders.map(\.key.memberID)), \(orders.map(\.key.storeID)), \(orders.map(\.key.receiptNumber)),
          \(orders.map(\.posted.requestDigest)), \(orders.map(\.occurredAt)), \(orders.map(\.postedAt)),
          \(orders.map(\.posting.amounts.gross)), \(orders.map(\.posting.amounts.couponDiscount)),
          \(orders.map(\.posting.amounts.pointsDiscount)), \(orders.map(\.posting.amounts.payable)),
          \(orders.map(\.posting.pointsRedeemed)), \(orders.map(\.posting.pointsEarned)),
          \(orders.map(\.posted.balancePoints)), \(orders.map(\.posted.encodedOrder)))
      )
      """
    let reserved = orders.filter { $0.key.reservationID != nil }
    if !reserved.isEmpty {
      parts += """
        , settled AS (
          INSERT INTO reservation_outcome (reservation_id, outcome, order_id, settled_at)
          SELECT reservation_id, \(ReservationOutcome.posted), order_id, settled_at
          FROM unnest(\(reserved.compactMap(\.key.reservationID)), \(reserved.map(\.key.orderID)),
            \(reserved.map(\.postedAt))) AS new (reservation_id, order_id, settled_at)
        )
        """
    }
    return parts
  }

  private var reversalInsertion: SQL {
    """
    INSERT INTO reversal (request_id, order_id, request_digest, reason, refunded_minor_units, points_taken,
      points_returned, points_short, balance_points, reversed_at)
    SELECT * FROM unnest(\(reversals.map(\.row.requestID)), \(reversals.map(\.orderID)),
      \(reversals.map(\.row.requestDigest)), \(reversals.map(\.row.reason)),
      \(reversals.map(\.row.refundedMinorUnits)), \(reversals.map(\.row.pointsTaken)),
      \(reversals.map(\.row.pointsReturned)), \(reversals.map(\.row.pointsShort)),
      \(reversals.map(\.row.balancePoints)), \(reversals.map(\.row.reversedAt)))
    """
  }

  private var returnInsertion: SQL {
    var (lines, quantities) = (FlatLists(), FlatLists())
    for row in returns {
      lines.append(row.lines.numbers)
      quantities.append(row.lines.quantities)
    }
    return """
      INSERT INTO order_return (return_id, entry_request_id, order_id, request_digest, store_id, reason, lines, quantities,
        returned_minor_units, refunded_minor_units, left_minor_units, points_taken, points_returned, points_short,
        balance_points, returned_at)
      SELECT return_id, entry_request_id, order_id, request_digest, store_id, reason,
        (\(lines.numbers)::bigint[])[lines_first:lines_last],
        (\(quantities.numbers)::bigint[])[quantities_first:quantities_last], returned_minor_units, refunded_minor_units,
        left_minor_units, points_taken, points_returned, points_short, balance_points, returned_at
      FROM unnest(\(returns.map(\.returnID)), \(returns.map(\.entryRequestID)), \(returns.map(\.orderID)),
        \(returns.map(\.digest)), \(returns.map(\.storeID)), \(returns.map(\.reason)), \(lines.firsts), \(lines.lasts),
        \(quantities.firsts), \(quantities.lasts), \(returns.map(\.minorUnits)), \(returns.map(\.refundedMinorUnits)),
        \(returns.map(\.leftMinorUnits)), \(returns.map(\.pointsTaken)), \(returns.map(\.pointsReturned)),
        \(returns.map(\.pointsShort)), \(returns.map(\.balancePoints)), \(returns.map(\.returnedAt)))
        AS new (return_id, entry_request_id, order_id, request_digest, store_id, reason, lines_first, lines_last,
          quantities_first, quantities_last, returned_minor_units, refunded_minor_units, left_minor_units, points_taken, points_returned, points_short, balance_points, returned_at)
      """
  }

  private var waitingReturnInsertion: SQL {
    var (lines, quantities) = (FlatLists(), FlatLists())
    for new in waitingReturns {
      lines.append(new.waiting.lines.numbers)
      quantities.append(new.waiting.lines.quantities)
    }
    let waiting = waitingReturns.map(\.waiting)
    return """
      INSERT INTO waiting_return (return_id, entry_request_id, lane, member_id, sale_store_id, receipt_number,
        request_digest, store_id, reason, lines, quantities, recorded_at)
      SELECT return_id, entry_request_id, lane, member_id, sale_store_id, receipt_number, request_digest, store_id,
        reason, (\(lines.numbers)::bigint[])[lines_first:lines_last],
        (\(quantities.numbers)::bigint[])[quantities_first:quantities_last], recorded_at
      FROM unnest(\(waiting.map(\.returnID)), \(waiting.map(\.laterID)),
        \(waiting.map { Lane(member: $0.memberID).number }), \(waiting.map(\.memberID)),
        \(waiting.map(\.receipt.storeID)), \(waiting.map(\.receipt.receiptNumber)), \(waiting.map(\.digest)),
        \(waiting.map(\.storeID)), \(waiting.map(\.reason)), \(lines.firsts), \(lines.lasts),
        \(quantities.firsts), \(quantities.lasts), \(waitingReturns.map(\.recordedAt)))
        AS new (return_id, entry_request_id, lane, member_id, sale_store_id, receipt_number, request_digest, store_id,
          reason, lines_first, lines_last, quantities_first, quantities_last, recorded_at)
      """
  }

  private var adjustmentInsertion: SQL {
    """
    INSERT INTO adjustment (lane, member_id, request_id, asset, amount, reason, staff_id, approver_id, recorded_at)
    SELECT lane, member_id, request_id, asset, amount, reason, staff_id, nullif(approver_id, ''), recorded_at
    FROM unnest(\(adjustments.map { Lane(member: $0.member).number }), \(adjustments.map(\.member)),
      \(adjustments.map(\.requestID)), \(adjustments.map(\.asset.rawValue)), \(adjustments.map(\.amount)),
      \(adjustments.map(\.adjustment.reason)), \(adjustments.map(\.adjustment.staffID)),
      \(adjustments.map(\.adjustment.approverID)), \(adjustments.map(\.recordedAt)))
      AS new (lane, member_id, request_id, asset, amount, reason, staff_id, approver_id, recorded_at)
    """
  }

  private var eventInsertion: SQL {
    """
    INSERT INTO event (event_id, type, key, payload)
    SELECT * FROM unnest(\(events.map(\.eventID)), \(events.map(\.type)), \(events.map(\.key.text)),
      \(events.map(\.payload)))
    """
  }
}
