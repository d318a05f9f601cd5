import Foundation
import Postgres

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
      returnId: try row.next(),
      entryRequestId: try row.next(),
      orderId: try row.next(),
      digest: try row.next(),
      storeId: try row.next(),
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
      returnId: try row.next(),
      laterId: try row.next(),
      digest: try row.next(),
      memberId: try row.next(),
      receipt: Receipt(storeId: try row.next(), receiptNumber: try row.next()),
      lines: [ReturnedLine](numbers: try row.next(), quantities: try row.next()),
      storeId: try row.next(),
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
