import Foundation

/// What the return of some goods of an order comes to, decided without any I/O.
///
/// Points follow what was returned in proportion: once a half of what the lines cost is back, a half of the points, rounded
/// down, and with the last line all that is left. So never more is taken than was earned, in however many parts it comes.
/// The money follows by ``RefundShare``.
struct OrderReturn: Sendable, Hashable {
  /// The lines that come back, with how much of each, in the order of the receipt.
  var lines: [ReturnedLine]
  /// What they had cost together.
  var minorUnits: Int64
  /// What is paid back for them by other means than points.
  var refundedMinorUnits: Int64
  /// What the lines had cost that are left of the order after it.
  var leftMinorUnits: Int64
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
    /// Less is left of the line's quantity.
    case moreThanLeftOfQuantity(Int32, left: Int64)
    /// The line was sold without a quantity.
    case soldWithoutQuantity(Int32)
    /// Everything came back before.
    case nothingLeft
  }

  /// Decides what comes back.
  ///
  /// - Parameters:
  ///   - lines: What is returned; empty means everything that is left.
  ///   - sold: The order's lines.
  ///   - payable: What was paid for the order by other means than points.
  ///   - isLenient: What does not fit is left out instead of refused: the goods came back long ago.
  init(
    _ lines: [ReturnedLine],
    of sold: [SoldLine],
    payable: Int64,
    pointsEarned: Int64,
    pointsRedeemed: Int64,
    before returns: OrderReturns,
    isLenient: Bool
  ) throws(Misfit) {
    let asked = lines.isEmpty ? sold.indices.map { ReturnedLine(line: Int32($0)) } : lines
    var taken: [ReturnedLine] = []
    for line in asked {
      guard sold.indices.contains(Int(line.line)) else {
        if isLenient { continue }
        throw .noSuchLine(line.line, lineCount: sold.count)
      }
      let rest = returns.rest(of: sold[Int(line.line)], line.line)
      if let back = try line.taken(from: rest, of: sold[Int(line.line)], isLenient: isLenient) { taken.append(back) }
    }
    guard !taken.isEmpty || isLenient else { throw .nothingLeft }
    self.lines = taken.sorted { $0.line < $1.line }
    minorUnits = taken.reduce(0) { $0 + ($1.minorUnits ?? 0) }
    let total = sold.reduce(0) { $0 + $1.minorUnits }
    let back = returns.total + minorUnits
    leftMinorUnits = total - back
    refundedMinorUnits = RefundShare(gross: total, payable: payable).refund(from: returns.total, to: back)
    // With leniency nothing at all may come back, of a receipt that cost nothing too.
    func share(_ points: Int64) -> Int64 { total == 0 ? 0 : Int64(Int128(points) * Int128(back) / Int128(total)) }
    pointsClaimed = max(0, share(pointsEarned) - returns.pointsClaimed)
    pointsReturned = max(0, share(pointsRedeemed) - returns.pointsReturned)
  }
}

extension ReturnedLine {
  /// What of this is taken from what is left of its line, with amount and quantity; nil for nothing.
  fileprivate func taken(
    from rest: LineRest,
    of sold: SoldLine,
    isLenient: Bool
  ) throws(OrderReturn.Misfit) -> ReturnedLine? {
    var quantity: Int64 = 0
    if let asked = quantityThousandths {
      guard sold.quantityThousandths > 0 || isLenient else { throw .soldWithoutQuantity(line) }
      guard asked <= rest.quantityThousandths || isLenient else {
        throw .moreThanLeftOfQuantity(line, left: rest.quantityThousandths)
      }
      quantity = min(asked, rest.quantityThousandths)
    }
    let amount: Int64 =
      if let minorUnits {
        minorUnits
      } else if quantityThousandths == nil {
        rest.minorUnits
      } else {
        quantity == 0 ? 0 : rest.cost(of: quantity)
      }
    guard amount <= rest.minorUnits || isLenient else { throw .moreThanLeft(line, left: rest.minorUnits) }
    let back = min(amount, rest.minorUnits)
    // With the last of what a line cost, the last of its quantity is back.
    if back == rest.minorUnits, quantityThousandths == nil || sold.minorUnits > 0 {
      quantity = rest.quantityThousandths
    }
    // A line that cost nothing comes back once, and brings nothing.
    let isFreeAndLeft = sold.minorUnits == 0 && rest.isUntouched
    guard back > 0 || quantity > 0 || isFreeAndLeft else { return nil }
    return ReturnedLine(line: line, minorUnits: back, quantityThousandths: quantity)
  }
}

extension [Lot] {
  /// Of these lots, those that expire last: `amount` in all, after `skipped` has been left out.
  func last(_ amount: Int64, leavingOut skipped: Int64) -> [Lot] {
    var (skip, wanted) = (skipped, amount)
    var found: [Lot] = []
    for lot in reversed() where wanted > 0 {
      let passed = Swift.min(skip, lot.amount)
      skip -= passed
      let taken = Swift.min(wanted, lot.amount - passed)
      wanted -= taken
      if taken > 0 { found.append(Lot(expiresOn: lot.expiresOn, isBonus: lot.isBonus, amount: taken)) }
    }
    return found.reversed()
  }
}

/// What comes back of one line of a receipt.
struct ReturnedLine: Sendable, Hashable {
  /// Which line, counted from 0.
  var line: Int32
  /// How much of what it cost; nil means what the quantity comes to, or all that is left of it.
  var minorUnits: Int64?
  /// How much of it, in thousandths of the product's unit; nil means that the caller does not say.
  var quantityThousandths: Int64?
}

/// A line of a receipt as it was sold.
struct SoldLine: Sendable, Hashable {
  /// What it cost.
  var minorUnits: Int64
  /// How much was sold, in thousandths of the product's unit; 0 if the till did not say.
  var quantityThousandths: Int64 = 0
}

/// What returns have left of a line.
struct LineRest: Sendable, Hashable {
  /// Of what it cost.
  var minorUnits: Int64
  /// Of its quantity, in thousandths of the product's unit.
  var quantityThousandths: Int64
  /// Whether nothing of it came back before.
  var isUntouched: Bool

  /// - Parameters:
  ///   - line: As it was sold.
  ///   - returned: What came back of what it cost; nil if nothing of the line came back.
  ///   - quantity: What is known to have come back of its quantity. Once all that a line cost is back, so is its quantity.
  init(_ line: SoldLine, returned: Int64?, quantity: Int64) {
    isUntouched = returned == nil
    minorUnits = line.minorUnits - (returned ?? 0)
    let isBack = line.minorUnits > 0 && minorUnits <= 0
    quantityThousandths = isBack ? 0 : max(0, line.quantityThousandths - quantity)
  }

  /// What a quantity of the line had cost: the same part of what is left of the cost as it is of what is left of the
  /// quantity, rounded down. Precondition: `0 < quantity <= quantityThousandths`.
  func cost(of quantity: Int64) -> Int64 {
    Int64(Int128(minorUnits) * Int128(quantity) / Int128(quantityThousandths))
  }
}
