internal import PatronAPI
internal import ServiceKit

extension FieldChecks {
  /// Checks the lines of a receipt and adds them up. The names of fields are only put together for what is wrong.
  mutating func lines(_ lines: [CommonV1.OrderLine]) -> CommonV1.Money {
    count("lines", lines.count, 1...1_000)
    var gross = CommonV1.Money(currencyCode: lines.first?.amount?.currencyCode ?? "")
    for (index, line) in lines.prefix(1_000).enumerated() {
      check(line.productId, 1...64, index, "product_id")
      check(line.description, 0...200, index, "description")
      check(line.category, 0...100, index, "category")
      if line.quantityThousandths < 0 {
        refuse("lines[\(index)].quantity_thousandths", reason: "OUT_OF_RANGE", "give 0 or more")
      }
      add(line.amount, at: index, to: &gross)
    }
    return gross
  }

  /// Short text of printable ASCII, which nearly all text of a receipt is, is in order at a glance.
  private mutating func check(_ text: String, _ length: ClosedRange<Int>, _ index: Int, _ name: String) {
    let isPlain = length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    if !isPlain { _ = self.text("lines[\(index)].\(name)", text, length) }
  }

  private mutating func add(_ amount: CommonV1.Money?, at index: Int, to gross: inout CommonV1.Money) {
    guard let amount else {
      return refuse("lines[\(index)].amount", reason: "REQUIRED", "give the line's amount")
    }
    if index == 0 { _ = currency("lines[0].amount.currency_code", amount.currencyCode) }
    if amount.currencyCode != gross.currencyCode {
      refuse("lines[\(index)].amount.currency_code", reason: "CURRENCY_MISMATCH", "use one currency for all lines")
    }
    let (sum, overflow) = gross.minorUnits.addingReportingOverflow(amount.minorUnits)
    if amount.minorUnits < 0 {
      refuse("lines[\(index)].amount.minor_units", reason: "OUT_OF_RANGE", "give 0 or more")
    } else if overflow {
      refuse("lines[\(index)].amount.minor_units", reason: "OUT_OF_RANGE", "the sum of the lines is too large")
    } else {
      gross.minorUnits = sum
    }
  }

  /// Checks the coupons of a sale.
  mutating func coupons(_ couponIDs: [String]) {
    count("coupon_ids", couponIDs.count, 0...20)
    for (index, couponID) in couponIDs.prefix(20).enumerated() {
      let id = uuid("coupon_ids[\(index)]", couponID)
      if couponIDs[..<index].contains(where: { $0.lowercased() == id.text }) {
        refuse("coupon_ids[\(index)]", reason: "DUPLICATE", "give each coupon once")
      }
    }
  }
}
