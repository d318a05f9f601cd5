import Foundation
import Postgres

/// The columns of `order_return`.
enum ReturnColumn: Int, TableColumn {
  case returnID, entryRequestID, orderID, requestDigest, storeID, reason, lines, quantities
  case returnedMinorUnits, refundedMinorUnits, leftMinorUnits, pointsTaken, pointsReturned, pointsShort, balancePoints
  case returnedAt

  /// What is read of a return.
  static let read = returnID...returnedAt
}

/// The columns of `waiting_return`.
enum WaitingReturnColumn: Int, TableColumn {
  // Written only: rows are found by the one, and put in order by the other.
  case lane, recordedAt
  case returnID, entryRequestID, requestDigest, memberID, saleStoreID, receiptNumber, lines, quantities, storeID, reason

  /// What is read of a return that waits.
  static let read = returnID...reason
}

/// The columns of `adjustment`, which is written for who audits.
enum AdjustmentColumn: Int, TableColumn {
  case lane, memberID, requestID, asset, amount, reason, staffID, approverID, recordedAt
}

// MARK: - Reading

extension ReturnRow {
  /// The columns that are read of a return.
  static let columns: SQL = ReturnColumn.list(ReturnColumn.read, of: "order_return")

  /// Reads a return, of which the row has ``columns``.
  init(_ row: Row) throws(PostgresError) {
    let column = ColumnReader(row, ReturnColumn.read)
    self.init(
      returnID: try column(.returnID),
      entryRequestID: try column(.entryRequestID),
      orderID: try column(.orderID),
      digest: try column(.requestDigest),
      storeID: try column(.storeID),
      reason: try column(.reason),
      lines: [ReturnedLine](numbers: try column(.lines), quantities: try column(.quantities)),
      minorUnits: try column(.returnedMinorUnits),
      refundedMinorUnits: try column(.refundedMinorUnits),
      leftMinorUnits: try column(.leftMinorUnits),
      pointsTaken: try column(.pointsTaken),
      pointsReturned: try column(.pointsReturned),
      pointsShort: try column(.pointsShort),
      balancePoints: try column(.balancePoints),
      returnedAt: try column(.returnedAt)
    )
  }
}

extension WaitingReturn {
  /// The columns that are read of a return that waits.
  static let columns: SQL = WaitingReturnColumn.list(WaitingReturnColumn.read, of: "waiting")

  /// Reads a return that waits, of which the row has ``columns``.
  init(_ row: Row) throws(PostgresError) {
    let column = ColumnReader(row, WaitingReturnColumn.read)
    self.init(
      returnID: try column(.returnID),
      laterID: try column(.entryRequestID),
      digest: try column(.requestDigest),
      memberID: try column(.memberID),
      receipt: Receipt(storeID: try column(.saleStoreID), receiptNumber: try column(.receiptNumber)),
      lines: [ReturnedLine](numbers: try column(.lines), quantities: try column(.quantities)),
      storeID: try column(.storeID),
      reason: try column(.reason)
    )
  }
}

extension [ReturnedLine] {
  /// As the tables have them: pairs of line and amount, -1 being all that is left.
  fileprivate var numbers: [Int64] { flatMap { [Int64($0.line), $0.minorUnits ?? -1] } }

  /// As the tables have their quantities: one for each line, -1 if it is not given.
  fileprivate var quantities: [Int64] { map { $0.quantityThousandths ?? -1 } }

  /// - Parameter quantities: Empty of a return from before they were stored.
  fileprivate init(numbers: [Int64], quantities: [Int64]) {
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

// MARK: - Writing

extension ReturnColumn {
  /// A statement that inserts returns.
  static func insertion(_ returns: [ReturnRow]) -> SQL {
    insertion(into: "order_return") { column in
      switch column {
      case .returnID: .items("\(returns.map(\.returnID))")
      case .entryRequestID: .items("\(returns.map(\.entryRequestID))")
      case .orderID: .items("\(returns.map(\.orderID))")
      case .requestDigest: .items("\(returns.map(\.digest))")
      case .storeID: .items("\(returns.map(\.storeID))")
      case .reason: .items("\(returns.map(\.reason))")
      case .lines: .lists(FlatLists(returns.map(\.lines.numbers)))
      case .quantities: .lists(FlatLists(returns.map(\.lines.quantities)))
      case .returnedMinorUnits: .items("\(returns.map(\.minorUnits))")
      case .refundedMinorUnits: .items("\(returns.map(\.refundedMinorUnits))")
      case .leftMinorUnits: .items("\(returns.map(\.leftMinorUnits))")
      case .pointsTaken: .items("\(returns.map(\.pointsTaken))")
      case .pointsReturned: .items("\(returns.map(\.pointsReturned))")
      case .pointsShort: .items("\(returns.map(\.pointsShort))")
      case .balancePoints: .items("\(returns.map(\.balancePoints))")
      case .returnedAt: .items("\(returns.map(\.returnedAt))")
      }
    }
  }
}

extension WaitingReturnColumn {
  /// A statement that inserts returns that begin to wait.
  static func insertion(_ waiting: [NewWaitingReturn]) -> SQL {
    insertion(into: "waiting_return") { column in
      switch column {
      case .lane: .items("\(waiting.map { Lane(member: $0.waiting.memberID).number })")
      case .recordedAt: .items("\(waiting.map(\.recordedAt))")
      case .returnID: .items("\(waiting.map(\.waiting.returnID))")
      case .entryRequestID: .items("\(waiting.map(\.waiting.laterID))")
      case .requestDigest: .items("\(waiting.map(\.waiting.digest))")
      case .memberID: .items("\(waiting.map(\.waiting.memberID))")
      case .saleStoreID: .items("\(waiting.map(\.waiting.receipt.storeID))")
      case .receiptNumber: .items("\(waiting.map(\.waiting.receipt.receiptNumber))")
      case .lines: .lists(FlatLists(waiting.map(\.waiting.lines.numbers)))
      case .quantities: .lists(FlatLists(waiting.map(\.waiting.lines.quantities)))
      case .storeID: .items("\(waiting.map(\.waiting.storeID))")
      case .reason: .items("\(waiting.map(\.waiting.reason))")
      }
    }
  }
}

extension AdjustmentColumn {
  /// A statement that inserts corrections by hand.
  static func insertion(_ adjustments: [NewAdjustment]) -> SQL {
    insertion(into: "adjustment") { column in
      let items: SQL =
        switch column {
        case .lane: "\(adjustments.map { Lane(member: $0.member).number })"
        case .memberID: "\(adjustments.map(\.member))"
        case .requestID: "\(adjustments.map(\.requestID))"
        case .asset: "\(adjustments.map(\.asset.rawValue))"
        case .amount: "\(adjustments.map(\.amount))"
        case .reason: "\(adjustments.map(\.adjustment.reason))"
        case .staffID: "\(adjustments.map(\.adjustment.staffID))"
        case .approverID: "\(adjustments.map { $0.adjustment.approverID.isEmpty ? nil : $0.adjustment.approverID })"
        case .recordedAt: "\(adjustments.map(\.recordedAt))"
        }
      return .items(items)
    }
  }
}
