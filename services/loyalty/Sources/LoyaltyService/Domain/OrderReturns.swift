import Foundation

/// What has come back of an order so far.
struct OrderReturns: Sendable, Hashable {
  /// The requests that brought it back.
  var returnIds: Set<UUID> = []
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
    returnIds.insert(row.returnId)
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
