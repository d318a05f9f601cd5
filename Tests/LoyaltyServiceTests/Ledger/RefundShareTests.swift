import LoyaltyTestSupport
import SeededRandomness
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("What returns pay back of what was paid (M7)")
struct RefundShareTests {
  /// An order of which goods come back one after the other.
  private struct Shopping {
    var sold: [SoldLine]
    var payable: Int64
    var returns = OrderReturns()

    mutating func returnLines(_ lines: [ReturnedLine], isLenient: Bool = false) throws -> OrderReturn {
      let goods = try OrderReturn(
        lines,
        of: sold,
        payable: payable,
        pointsEarned: 0,
        pointsRedeemed: 0,
        before: returns,
        isLenient: isLenient
      )
      for line in goods.lines {
        returns.minorUnits[line.line, default: 0] += line.minorUnits ?? 0
        returns.quantities[line.line, default: 0] += line.quantityThousandths ?? 0
      }
      returns.refundedMinorUnits += goods.refundedMinorUnits
      return goods
    }
  }

  @Test("a half of the goods pays a half back, rounded down, and the last of them all that is left (M7)")
  func halves() throws {
    var shopping = Shopping(sold: [SoldLine(minorUnits: 5_000), SoldLine(minorUnits: 5_000)], payable: 9_999)
    let first = try shopping.returnLines([ReturnedLine(line: 0)])
    #expect([first.refundedMinorUnits, first.leftMinorUnits] == [4_999, 5_000])
    let last = try shopping.returnLines([])
    #expect([last.refundedMinorUnits, last.leftMinorUnits] == [5_000, 0])
  }

  @Test("goods that coupons and points paid for in full pay nothing back, and free goods nothing either (M7)")
  func nothingPaid() throws {
    var paidByCoupons = Shopping(sold: [SoldLine(minorUnits: 100), SoldLine(minorUnits: 100)], payable: 0)
    #expect(try paidByCoupons.returnLines([ReturnedLine(line: 1)]).refundedMinorUnits == 0)
    #expect(try paidByCoupons.returnLines([]).refundedMinorUnits == 0)
    var free = Shopping(sold: [SoldLine(minorUnits: 0, quantityThousandths: 2_000)], payable: 0)
    let one = try free.returnLines([ReturnedLine(line: 0, quantityThousandths: 1_000)])
    #expect(one.lines == [ReturnedLine(line: 0, minorUnits: 0, quantityThousandths: 1_000)])
    #expect(try free.returnLines([]).lines == [ReturnedLine(line: 0, minorUnits: 0, quantityThousandths: 1_000)])
    #expect(throws: OrderReturn.Misfit.nothingLeft) { try free.returnLines([]) }
  }

  @Test("a quantity costs its part of what is left of the line, rounded down, and the last of it all that is left (M7)")
  func quantities() throws {
    var shopping = Shopping(sold: [SoldLine(minorUnits: 100, quantityThousandths: 3_000)], payable: 100)
    let piece = ReturnedLine(line: 0, quantityThousandths: 1_000)
    let costs = try (0..<3).map { _ in try shopping.returnLines([piece]).minorUnits }
    #expect(costs == [33, 33, 34])
    #expect(throws: OrderReturn.Misfit.moreThanLeftOfQuantity(0, left: 0)) { try shopping.returnLines([piece]) }
  }

  @Test("what came back of a price alone makes each piece that is left cheaper (M7)")
  func priceReduction() throws {
    var shopping = Shopping(sold: [SoldLine(minorUnits: 1_000, quantityThousandths: 2_000)], payable: 1_000)
    let reduction = try shopping.returnLines([ReturnedLine(line: 0, minorUnits: 100)])
    #expect(reduction.lines == [ReturnedLine(line: 0, minorUnits: 100, quantityThousandths: 0)])
    #expect(try shopping.returnLines([ReturnedLine(line: 0, quantityThousandths: 1_000)]).minorUnits == 450)
    #expect(
      try shopping.returnLines([ReturnedLine(line: 0, minorUnits: 450)]).lines.first?.quantityThousandths == 1_000
    )
  }

  @Test("a quantity of a line that was sold without one is refused, and left out long after (M7)")
  func withoutQuantity() throws {
    var shopping = Shopping(sold: [SoldLine(minorUnits: 1_000)], payable: 1_000)
    let line = ReturnedLine(line: 0, quantityThousandths: 1_000)
    #expect(throws: OrderReturn.Misfit.soldWithoutQuantity(0)) { try shopping.returnLines([line]) }
    #expect(try shopping.returnLines([line], isLenient: true).lines == [])
  }

  @Test("property: in however many parts it comes back, what was paid is paid back, exactly and never more (M7)")
  func addsUp() throws {
    let seed = PropertySeed("refunds in parts")
    var random = seed.random
    for _ in 0..<500 {
      let sold = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        SoldLine(
          minorUnits: .random(in: 0...(Bool.random(using: &random) ? 10 : 1_000_000_000_000), using: &random),
          quantityThousandths: .random(in: 0...5_000, using: &random)
        )
      }
      let gross = sold.reduce(0) { $0 + $1.minorUnits }
      var shopping = Shopping(sold: sold, payable: .random(in: 0...gross, using: &random))
      for _ in 0..<40 {
        let line = Int32.random(in: 0..<Int32(sold.count), using: &random)
        let rest = shopping.returns.rest(of: sold[Int(line)], line)
        var part = ReturnedLine(line: line)
        if Bool.random(using: &random), rest.minorUnits > 0 {
          part.minorUnits = .random(in: 1...rest.minorUnits, using: &random)
        }
        if Bool.random(using: &random), rest.quantityThousandths > 0 {
          part.quantityThousandths = .random(in: 1...rest.quantityThousandths, using: &random)
        }
        let back: OrderReturn
        do { back = try shopping.returnLines([part]) } catch OrderReturn.Misfit.nothingLeft { continue }
        #expect((0...back.minorUnits).contains(back.refundedMinorUnits), "\(seed)")
        #expect(shopping.returns.refundedMinorUnits <= shopping.payable, "\(seed)")
        let left = RefundShare(gross: gross, payable: shopping.payable).left(after: shopping.returns.total)
        #expect(shopping.returns.refundedMinorUnits + left == shopping.payable, "\(seed)")
      }
      do { _ = try shopping.returnLines([]) } catch OrderReturn.Misfit.nothingLeft {}
      #expect(shopping.returns.total == gross, "\(seed)")
      #expect(shopping.returns.refundedMinorUnits == shopping.payable, "\(seed)")
    }
  }
}
