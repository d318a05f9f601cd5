import Foundation
import Postgres

extension ReturnRow {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    order_return.return_id, order_return.entry_request_id, order_return.order_id, order_return.request_digest, \
    order_return.store_id, order_return.reason, order_return.lines, order_return.returned_minor_units, \
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
      lines: [ReturnedLine](numbers: try row.next([Int64].self)),
      minorUnits: try row.next(),
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
    waiting.receipt_number, waiting.lines, waiting.store_id, waiting.reason
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws -> WaitingReturn {
    WaitingReturn(
      returnId: try row.next(),
      laterId: try row.next(),
      digest: try row.next(),
      memberId: try row.next(),
      receipt: Receipt(storeId: try row.next(), receiptNumber: try row.next()),
      lines: [ReturnedLine](numbers: try row.next([Int64].self)),
      storeId: try row.next(),
      reason: try row.next()
    )
  }
}

extension [ReturnedLine] {
  /// As the store keeps them: pairs of line and amount, -1 being all that is left.
  var numbers: [Int64] { flatMap { [Int64($0.line), $0.minorUnits ?? -1] } }

  init(numbers: [Int64]) {
    self = stride(from: 0, to: numbers.count - 1, by: 2).map { place in
      ReturnedLine(
        line: Int32(truncatingIfNeeded: numbers[place]),
        minorUnits: numbers[place + 1] < 0 ? nil : numbers[place + 1]
      )
    }
  }
}
