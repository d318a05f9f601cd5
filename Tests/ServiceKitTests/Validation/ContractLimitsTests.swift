import CommonProto
import RPC
import Testing

@testable import ServiceKit

@Suite("Ceilings of the contract")
struct ContractLimitsTests {
  private func line(_ minorUnits: Int64, _ quantity: Int64 = 1_000, _ currency: String = "CNY") -> CommonV1.OrderLine {
    CommonV1.OrderLine(
      productID: "1",
      quantityThousandths: quantity,
      amount: CommonV1.Money(currencyCode: currency, minorUnits: minorUnits)
    )
  }

  private func check(_ lines: [CommonV1.OrderLine]) -> (sum: Int64, refused: [String]) {
    var fields = FieldChecks(domain: "test.patron")
    let sum = fields.orderLines(lines)
    return (sum.minorUnits, fields.violations.map { "\($0.field) \($0.reason)" })
  }

  @Test("A line and an order have a largest amount, and no extreme of the type stops anything")
  func amounts() {
    let most = ContractLimits.minorUnitsMaximum
    #expect(check([line(most)]) == (most, []))
    #expect(check([line(most), line(0)]).refused == [])
    #expect(check([line(most), line(1)]).refused == ["lines TOO_LARGE"])
    #expect(check(Array(repeating: line(most), count: 1_000)).refused == ["lines TOO_LARGE"])
    for extreme in [most + 1, .max, -1, .min] {
      #expect(
        check([line(extreme), line(extreme)]).refused == [0, 1].map { "lines[\($0)].amount.minor_units OUT_OF_RANGE" }
      )
    }
  }

  @Test("A quantity has a largest, too")
  func quantities() {
    for extreme in [Int64.max, .min, -1, ContractLimits.quantityThousandthsMaximum + 1] {
      #expect(check([line(1, extreme)]).refused == ["lines[0].quantity_thousandths OUT_OF_RANGE"])
    }
  }

  @Test("Amounts are in one currency, and in one that is in use")
  func currencies() {
    #expect(check([line(1, 0, "QQQ")]).refused == ["lines[0].amount.currency_code NOT_CURRENCY_CODE"])
    #expect(check([line(1), line(1, 0, "USD")]).refused == ["lines[1].amount.currency_code CURRENCY_MISMATCH"])
    #expect(check([line(1, 0, String(repeating: "C", count: 100_000))]).refused.count == 1)
  }

  @Test("A path of a mask is spelled as in the proto file, and the refusal of JSON's spelling says so")
  func masks() {
    var fields = FieldChecks(domain: "test.patron")
    _ = fields.mask(
      "update_mask",
      ["cardNumber", String(repeating: "x", count: 100_000)],
      allowed: ["card_number", "name"]
    )
    #expect(fields.violations.map(\.reason) == ["UNKNOWN_PATH", "UNKNOWN_PATH"])
    #expect(
      fields.violations[0].description.hasPrefix("write card_number, as the proto file spells it, not cardNumber")
    )
    #expect(fields.violations.allSatisfy { $0.description.utf8.count < 200 })
  }
}
