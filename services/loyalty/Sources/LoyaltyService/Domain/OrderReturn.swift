import Foundation

/// What the return of some goods of an order comes to, decided without any I/O.
///
/// Points follow what was returned in proportion: once a half of what the lines cost is back, a half of the points, rounded
/// down, and with the last line all that is left. So never more is taken than was earned, in however many parts it comes.
struct OrderReturn: Sendable, Hashable {
  /// The lines that come back, with how much of each, in the order of the receipt.
  var lines: [ReturnedLine]
  /// What they had cost together.
  var minorUnits: Int64
  /// Points that are to be taken.
  var pointsClaimed: Int64
  /// Points that are to be given back.
  var pointsReturned: Int64

  /// Why a return does not fit its order.
  enum Misfit: Error, Sendable, Hashable {
    /// The receipt has no such line.
    case noSuchLine(Int32, lineCount: Int)
    /// Less is left of the line.
    case moreThanLeft(Int32, left: Int64)
    /// Everything came back before.
    case nothingLeft
  }

  /// Decides what comes back.
  ///
  /// - Parameters:
  ///   - lines: What is returned; empty means everything that is left.
  ///   - costs: What the order's lines cost.
  ///   - isLenient: What does not fit is left out instead of refused: the goods came back long ago.
  init(
    _ lines: [ReturnedLine],
    of costs: [Int64],
    pointsEarned: Int64,
    pointsRedeemed: Int64,
    before returns: OrderReturns,
    isLenient: Bool
  ) throws(Misfit) {
    func left(_ line: Int32) -> Int64 { costs[Int(line)] - (returns.minorUnits[line] ?? 0) }
    var taken: [ReturnedLine] = []
    if lines.isEmpty {
      for line in costs.indices.map({ Int32($0) }) where left(line) > 0 {
        taken.append(ReturnedLine(line: line, minorUnits: left(line)))
      }
    }
    for line in lines {
      guard costs.indices.contains(Int(line.line)) else {
        if isLenient { continue }
        throw .noSuchLine(line.line, lineCount: costs.count)
      }
      let left = left(line.line)
      let asked = line.minorUnits ?? left
      guard asked <= left || isLenient else { throw .moreThanLeft(line.line, left: left) }
      if min(asked, left) > 0 { taken.append(ReturnedLine(line: line.line, minorUnits: min(asked, left))) }
    }
    guard !taken.isEmpty || isLenient else { throw .nothingLeft }
    self.lines = taken.sorted { $0.line < $1.line }
    minorUnits = taken.reduce(0) { $0 + ($1.minorUnits ?? 0) }
    let total = costs.reduce(0, +)
    let back = returns.total + minorUnits
    // With leniency nothing at all may come back, of a receipt that cost nothing too.
    func share(_ points: Int64) -> Int64 { total == 0 ? 0 : Int64(Int128(points) * Int128(back) / Int128(total)) }
    pointsClaimed = max(0, share(pointsEarned) - returns.pointsClaimed)
    pointsReturned = max(0, share(pointsRedeemed) - returns.pointsReturned)
  }
}

extension [Lot] {
  /// Of these lots, those that expire last: so much, after so much more has been left out.
  func last(_ amount: Int64, leavingOut skipped: Int64) -> [Lot] {
    var (skip, wanted) = (skipped, amount)
    var found: [Lot] = []
    for lot in reversed() where wanted > 0 {
      let passed = Swift.min(skip, lot.amount)
      skip -= passed
      let taken = Swift.min(wanted, lot.amount - passed)
      wanted -= taken
      if taken > 0 { found.append(Lot(expiresOn: lot.expiresOn, amount: taken)) }
    }
    return found.reversed()
  }
}
