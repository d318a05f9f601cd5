import Foundation

/// What has come back of an order so far.
struct OrderReturns: Sendable, Hashable {
  /// The requests that brought it back.
  var returnIDs: Set<UUID> = []
  /// By line, what it had cost.
  var minorUnits: [Int32: Int64] = [:]
  /// By line, how much of it is known to be back, in thousandths of the product's unit.
  var quantities: [Int32: Int64] = [:]
  /// What was paid back for it by other means than points.
  var refundedMinorUnits: Int64 = 0
  /// Points that were to be taken for it: those taken and those short.
  var pointsClaimed: Int64 = 0
  /// Points that were taken for it.
  var pointsTaken: Int64 = 0
  /// Points that were given back.
  var pointsReturned: Int64 = 0

  static let none = OrderReturns()

  /// What all of it had cost.
  var total: Int64 { minorUnits.values.reduce(0, +) }

  /// What it left of a line.
  func rest(of sold: SoldLine, _ line: Int32) -> LineRest {
    LineRest(sold, returned: minorUnits[line], quantity: quantities[line] ?? 0)
  }

  /// Adds what came back with one more return.
  mutating func add(_ row: ReturnRow) {
    returnIDs.insert(row.returnID)
    for line in row.lines {
      minorUnits[line.line, default: 0] += line.minorUnits ?? 0
      quantities[line.line, default: 0] += line.quantityThousandths ?? 0
    }
    refundedMinorUnits += row.refundedMinorUnits
    pointsClaimed += row.pointsTaken + row.pointsShort
    pointsTaken += row.pointsTaken
    pointsReturned += row.pointsReturned
  }
}

/// What of an order's payable is paid back when goods come back, decided without any I/O.
///
/// The money follows what was returned in proportion: once a half of what the lines cost is back, a half of the payable,
/// rounded down, was paid back, and with the last line all that is left. So all returns of an order and its reversal together
/// pay back exactly what was paid, in however many parts the goods come.
struct RefundShare: Sendable, Hashable {
  /// What the order's lines cost together, in the currency's smallest unit.
  var gross: Int64
  /// What was paid for them by other means than points; not more than `gross`.
  var payable: Int64

  /// What a return pays back.
  ///
  /// - Parameters:
  ///   - before: What the lines had cost that were back before it.
  ///   - after: What the lines had cost that are back with it.
  func refund(from before: Int64, to after: Int64) -> Int64 { paidBack(after) - paidBack(before) }

  /// What is left to pay back once `returned` of what the lines cost is back.
  func left(after returned: Int64) -> Int64 { payable - paidBack(returned) }

  private func paidBack(_ returned: Int64) -> Int64 {
    gross == 0 ? payable : Int64(Int128(payable) * Int128(returned) / Int128(gross))
  }
}
