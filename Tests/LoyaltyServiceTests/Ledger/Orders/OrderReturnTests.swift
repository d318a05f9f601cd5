import Basics
import LoyaltyTestSupport
import SeededRandomness
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("What a return of some goods comes to (M7)")
struct OrderReturnTests {
  private func goods(
    _ lines: [ReturnedLine],
    of costs: [Int64] = [1_000, 3_000],
    earned: Int64 = 40,
    redeemed: Int64 = 0,
    before: OrderReturns = .none,
    isLenient: Bool = false
  ) throws -> OrderReturn {
    try OrderReturn(
      lines,
      of: costs.map { SoldLine(minorUnits: $0) },
      payable: 0,
      pointsEarned: earned,
      pointsRedeemed: redeemed,
      before: before,
      isLenient: isLenient
    )
  }

  @Test("a line takes its share of the points, rounded down; the last one takes what is left (M7)")
  func shares() throws {
    let first = try goods([ReturnedLine(line: 0, minorUnits: nil)], earned: 39, redeemed: 101)
    #expect(first.minorUnits == 1_000)
    #expect(first.pointsClaimed == 9)
    #expect(first.pointsReturned == 25)
    var before = OrderReturns()
    before.minorUnits = [0: 1_000]
    before.pointsClaimed = first.pointsClaimed
    before.pointsReturned = first.pointsReturned
    let rest = try goods([], earned: 39, redeemed: 101, before: before)
    #expect(rest.lines == [ReturnedLine(line: 1, minorUnits: 3_000, quantityThousandths: 0)])
    #expect(rest.pointsClaimed == 30)
    #expect(rest.pointsReturned == 76)
  }

  @Test("a line can come back in parts, but not more of it than it cost (M7)")
  func parts() throws {
    let half = try goods([ReturnedLine(line: 1, minorUnits: 1_500)])
    #expect(half.pointsClaimed == 15)
    var before = OrderReturns()
    before.minorUnits = [1: 1_500]
    #expect(throws: OrderReturn.Misfit.moreThanLeft(1, left: 1_500)) {
      try goods([ReturnedLine(line: 1, minorUnits: 1_501)], before: before)
    }
    #expect(throws: OrderReturn.Misfit.noSuchLine(2, lineCount: 2)) {
      try goods([ReturnedLine(line: 2, minorUnits: nil)])
    }
    before.minorUnits = [0: 1_000, 1: 3_000]
    #expect(throws: OrderReturn.Misfit.nothingLeft) { try goods([], before: before) }
  }

  @Test("a line that cost nothing comes back once, and takes no points (M7)")
  func freeLine() throws {
    let free = try goods([ReturnedLine(line: 1, minorUnits: nil)], of: [1_000, 0])
    #expect(free.lines == [ReturnedLine(line: 1, minorUnits: 0, quantityThousandths: 0)])
    #expect([free.minorUnits, free.pointsClaimed] == [0, 0])
    var before = OrderReturns()
    before.minorUnits = [1: 0]
    #expect(throws: OrderReturn.Misfit.nothingLeft) {
      try goods([ReturnedLine(line: 1, minorUnits: nil)], of: [1_000, 0], before: before)
    }
    let rest = try goods([], of: [1_000, 0], before: before)
    #expect(rest.lines == [ReturnedLine(line: 0, minorUnits: 1_000, quantityThousandths: 0)])
    #expect(rest.pointsClaimed == 40)
    let all = try goods([], of: [0, 0])
    #expect(all.lines.map(\.line) == [0, 1])
    #expect(all.lines.allSatisfy { $0.minorUnits == 0 && $0.quantityThousandths == 0 })
    #expect(all.pointsClaimed == 0)
  }

  @Test("of a return that came before its sale, what does not fit the receipt is left out (M7)")
  func lenient() throws {
    let goods = try goods(
      [ReturnedLine(line: 7, minorUnits: 5), ReturnedLine(line: 0, minorUnits: 9_999)],
      isLenient: true
    )
    #expect(goods.lines == [ReturnedLine(line: 0, minorUnits: 1_000, quantityThousandths: 0)])
    #expect(goods.pointsClaimed == 10)
  }

  @Test(
    "property: in however many parts it comes back, never more is taken than was earned, and in the end all of it (M7)"
  )
  func addsUp() throws {
    let seed = PropertySeed("returns in parts")
    var random = seed.random
    for _ in 0..<500 {
      let costs = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int64.random(in: 0...10_000, using: &random) }
      let (earned, redeemed) = (Int64.random(in: 0...500, using: &random), Int64.random(in: 0...500, using: &random))
      var before = OrderReturns()
      while before.total < costs.reduce(0, +) {
        let line = Int32.random(in: 0..<Int32(costs.count), using: &random)
        let left = costs[Int(line)] - (before.minorUnits[line] ?? 0)
        guard left > 0 else { continue }
        let part = ReturnedLine(line: line, minorUnits: .random(in: 1...left, using: &random))
        let goods = try goods([part], of: costs, earned: earned, redeemed: redeemed, before: before)
        before.minorUnits[line, default: 0] += goods.minorUnits
        before.pointsClaimed += goods.pointsClaimed
        before.pointsReturned += goods.pointsReturned
        #expect(before.pointsClaimed <= earned && before.pointsReturned <= redeemed, "\(seed)")
      }
      if costs.reduce(0, +) > 0 {
        #expect(before.pointsClaimed == earned && before.pointsReturned == redeemed, "\(seed)")
      }
    }
  }

  @Test("what is given back of redeemed lots are those that expire last (M3)")
  func lastLots() {
    let lots = [(1, 10), (2, 20), (3, 30)].map { Lot(expiresOn: Day(rawValue: $0), amount: $1) }
    func numbers(_ lots: [Lot]) -> [[Int64]] { lots.map { [Int64($0.expiresOn.rawValue), $0.amount] } }
    #expect(numbers(lots.last(5, leavingOut: 0)) == [[3, 5]])
    #expect(numbers(lots.last(30, leavingOut: 25)) == [[1, 5], [2, 20], [3, 5]])
    #expect(numbers(lots.last(60, leavingOut: 0)) == [[1, 10], [2, 20], [3, 30]])
    #expect(lots.last(0, leavingOut: 60).isEmpty)
  }
}
