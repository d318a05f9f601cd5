import Foundation

/// What has come back of an order so far.
struct OrderReturns: Sendable, Hashable {
  /// The requests that brought it back.
  var returnIds: Set<UUID> = []
  /// By line, what it had cost.
  var minorUnits: [Int32: Int64] = [:]
  /// Points that were to be taken for it: those taken and those short.
  var pointsClaimed: Int64 = 0
  /// Points that were given back.
  var pointsReturned: Int64 = 0

  static let none = OrderReturns()

  /// What all of it had cost.
  var total: Int64 { minorUnits.values.reduce(0, +) }

  /// Adds what came back with one more return.
  mutating func add(_ row: ReturnRow) {
    returnIds.insert(row.returnId)
    for line in row.lines { minorUnits[line.line, default: 0] += line.minorUnits ?? 0 }
    pointsClaimed += row.pointsTaken + row.pointsShort
    pointsReturned += row.pointsReturned
  }
}
