/// What comes back of one line of a receipt.
struct ReturnedLine: Sendable, Hashable {
  /// Which line, counted from 0.
  var line: Int32
  /// How much of what it cost; nil means what the quantity comes to, or all that is left of it.
  var minorUnits: Int64?
  /// How much of it, in thousandths of the product's unit; nil means that it is not said.
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
