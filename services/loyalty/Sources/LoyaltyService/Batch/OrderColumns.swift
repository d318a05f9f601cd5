import Foundation
import Postgres

extension OrderRow {
  /// The columns that ``read(_:)`` reads, in order, of `orders` outer joined with `reversal`.
  static let columns: SQL = """
    orders.order_id, orders.member_id, orders.payable_minor_units, orders.points_earned, orders.points_redeemed, \
    orders.posted_order, \(ReversalRow.columns)
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> OrderRow {
    OrderRow(
      orderID: try row.next(),
      memberID: try row.next(),
      payable: try row.next(),
      pointsEarned: try row.next(),
      pointsRedeemed: try row.next(),
      encodedOrder: try row.next(),
      reversal: try ReversalRow.read(&row)
    )
  }
}

extension ReturnRow {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    order_return.return_id, order_return.entry_request_id, order_return.order_id, order_return.request_digest, \
    order_return.store_id, order_return.reason, order_return.lines, order_return.quantities, \
    order_return.returned_minor_units, order_return.refunded_minor_units, order_return.left_minor_units, \
    order_return.points_taken, order_return.points_returned, order_return.points_short, order_return.balance_points, \
    order_return.returned_at
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws -> ReturnRow {
    ReturnRow(
      returnID: try row.next(),
      entryRequestID: try row.next(),
      orderID: try row.next(),
      digest: try row.next(),
      storeID: try row.next(),
      reason: try row.next(),
      lines: [ReturnedLine](numbers: try row.next(), quantities: try row.next()),
      minorUnits: try row.next(),
      refundedMinorUnits: try row.next(),
      leftMinorUnits: try row.next(),
      pointsTaken: try row.next(),
      pointsReturned: try row.next(),
      pointsShort: try row.next(),
      balancePoints: try row.next(),
      returnedAt: try row.next()
    )
  }
}

extension WaitingReturn {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    waiting.return_id, waiting.entry_request_id, waiting.request_digest, waiting.member_id, waiting.sale_store_id, \
    waiting.receipt_number, waiting.lines, waiting.quantities, waiting.store_id, waiting.reason
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws -> WaitingReturn {
    WaitingReturn(
      returnID: try row.next(),
      laterID: try row.next(),
      digest: try row.next(),
      memberID: try row.next(),
      receipt: Receipt(storeID: try row.next(), receiptNumber: try row.next()),
      lines: [ReturnedLine](numbers: try row.next(), quantities: try row.next()),
      storeID: try row.next(),
      reason: try row.next()
    )
  }
}

extension [ReturnedLine] {
  /// As the store keeps them: pairs of line and amount, -1 being all that is left.
  var numbers: [Int64] { flatMap { [Int64($0.line), $0.minorUnits ?? -1] } }

  /// As the store keeps their quantities: one for each line, -1 if it is not said.
  var quantities: [Int64] { map { $0.quantityThousandths ?? -1 } }

  /// - Parameter quantities: Empty of a return from before they were kept.
  init(numbers: [Int64], quantities: [Int64]) {
    self = (0..<numbers.count / 2).map { place in
      let (amount, quantity) = (numbers[2 * place + 1], place < quantities.count ? quantities[place] : -1)
      return ReturnedLine(
        line: Int32(truncatingIfNeeded: numbers[2 * place]),
        minorUnits: amount < 0 ? nil : amount,
        quantityThousandths: quantity < 0 ? nil : quantity
      )
    }
  }
}

extension ReversalRow {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    reversal.request_id, reversal.request_digest, reversal.reason, reversal.refunded_minor_units, \
    reversal.points_taken, reversal.points_returned, reversal.points_short, reversal.balance_points, reversal.reversed_at
    """

  /// Reads the columns; nil if an outer join found no reversal.
  static func read(_ row: inout RowReader) throws(PostgresError) -> ReversalRow? {
    let (requestID, digest) = (try row.next(UUID?.self), try row.next([UInt8]?.self))
    let (reason, refunded) = (try row.next(String?.self), try row.next(Int64?.self))
    let taken = try row.next(Int64?.self)
    let (returned, short) = (try row.next(Int64?.self), try row.next(Int64?.self))
    let (balance, reversedAt) = (try row.next(Int64?.self), try row.next(Date?.self))
    guard let requestID, let digest, let reason, let refunded, let taken, let returned, let short, let balance,
      let reversedAt
    else { return nil }
    return ReversalRow(
      requestID: requestID,
      requestDigest: digest,
      reason: reason,
      refundedMinorUnits: refunded,
      pointsTaken: taken,
      pointsReturned: returned,
      pointsShort: short,
      balancePoints: balance,
      reversedAt: reversedAt
    )
  }
}
