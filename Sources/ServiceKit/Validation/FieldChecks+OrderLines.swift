public import CommonProto

extension FieldChecks {
  /// Checks the lines of a receipt and adds them up. The paths of fields are only put together for what is wrong.
  ///
  /// - Returns: The sum of the lines, in the currency of the first.
  public mutating func orderLines(_ lines: [CommonV1.OrderLine]) -> CommonV1.Money {
    count("lines", lines.count, ContractLimits.orderLines)
    var gross = CommonV1.Money(currencyCode: lines.first?.amount?.currencyCode ?? "")
    for (index, line) in lines.prefix(ContractLimits.orderLines.upperBound).enumerated() {
      if !IdentifierForm.product.isPlain(line.productID) {
        _ = identifier("lines[\(index)].product_id", line.productID, .product)
      }
      check(line.description, ContractLimits.productDescription, index, "description")
      check(line.category, ContractLimits.productCategory, index, "category")
      if !(0...ContractLimits.quantityThousandthsMaximum ~= line.quantityThousandths) {
        let range = 0...ContractLimits.quantityThousandthsMaximum
        _ = number("lines[\(index)].quantity_thousandths", line.quantityThousandths, range)
      }
      add(line.amount, at: index, to: &gross)
    }
    if gross.minorUnits > ContractLimits.minorUnitsMaximum {
      let most = ContractLimits.minorUnitsMaximum
      refuse("lines", reason: .tooLarge, "give lines that add up to at most \(most) minor units")
    }
    return gross
  }

  /// An amount of money from nothing to the most there is; its currency is checked where there is one to compare with.
  public mutating func minorUnits(_ field: String, _ minorUnits: Int64, atLeast least: Int64 = 0) -> Int64 {
    number(field, minorUnits, least...ContractLimits.minorUnitsMaximum)
  }

  /// Short text of printable ASCII, which nearly all text of a receipt is, is in order at a glance.
  private mutating func check(_ text: String, _ length: ClosedRange<Int>, _ index: Int, _ name: String) {
    let isPlain = length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    if !isPlain { _ = self.text("lines[\(index)].\(name)", text, length) }
  }

  private mutating func add(_ amount: CommonV1.Money?, at index: Int, to gross: inout CommonV1.Money) {
    guard let amount else { return refuse("lines[\(index)].amount", reason: .required, "give the line's amount") }
    if index == 0 {
      _ = currency("lines[0].amount.currency_code", amount.currencyCode)
    } else if amount.currencyCode != gross.currencyCode {
      refuse("lines[\(index)].amount.currency_code", reason: .currencyMismatch, "use one currency for all lines")
    }
    if 0...ContractLimits.minorUnitsMaximum ~= amount.minorUnits {
      // A thousand amounts of the largest size are far from what 64 bits hold.
      gross.minorUnits += amount.minorUnits
    } else {
      _ = minorUnits("lines[\(index)].amount.minor_units", amount.minorUnits)
    }
  }
}
