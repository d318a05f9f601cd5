import CommonProto
import LoyaltyProto
import MembersProto
import Testing

@testable import TillSimulation

@Suite("Checking a household against the record")
struct HouseholdFindingsTests {
  private let household: PlannedHousehold
  private let rule = PointsRule(LoyaltyV1.EarnRule(points: 1, perMinorUnits: 100, rounding: .down))
  private var purchases: [MembersV1.Purchase]
  private var totals: MembersV1.PurchaseTotals
  private var entries: [LoyaltyV1.Entry] = []
  private var balance = LoyaltyV1.Balance()

  /// Makes the expected state after the year's replay.
  init() throws {
    let household = try #require(try JourneyFixture.year.get().households.first { $0.receipts.count == 5 })
    self.household = household
    purchases = household.receipts.reversed().map { [rule] receipt in
      MembersV1.Purchase(
        orderID: receipt.requestID,
        paid: CommonV1.Money(cents: receipt.paidCents),
        pointsEarned: rule.points(for: receipt.paidCents),
        lines: receipt.lines.map { _ in CommonV1.OrderLine() },
        net: CommonV1.Money(cents: receipt.paidCents)
      )
    }
    totals = MembersV1.PurchaseTotals(
      purchaseCount: 5,
      spent: CommonV1.Money(cents: household.paidCents),
      paid: CommonV1.Money(cents: household.paidCents)
    )
    for receipt in household.receipts {
      let points = rule.points(for: receipt.paidCents)
      balance.points += points
      entries.insert(
        LoyaltyV1.Entry(type: .earn, points: points, balancePoints: balance.points, orderID: receipt.requestID),
        at: 0
      )
    }
  }

  private func findings(_ period: ReplayPeriod = .year) -> HouseholdFindings {
    HouseholdFindings(
      household: household,
      period: period,
      rule: rule,
      purchases: purchases,
      totals: totals,
      entries: entries,
      balance: balance
    )
  }

  @Test("when everything adds up, there is no mismatch")
  func inOrder() {
    let findings = findings()
    #expect(findings.mismatches == [])
    #expect(findings.receipts == 5)
    #expect(findings.spentCents == household.paidCents)
    #expect(findings.pointsEarned == balance.points)
  }

  @Test("a receipt that is missing is found")
  mutating func missing() {
    purchases.removeLast()
    #expect(findings().receipts == 4)
    #expect(!findings().mismatches.isEmpty)
  }

  @Test("a receipt with another sum is found")
  mutating func paid() {
    purchases[0].paid?.minorUnits += 1
    #expect(!findings(.month(12)).mismatches.isEmpty)
  }

  @Test("totals that are not the sum of the history are found")
  mutating func wrongTotals() {
    totals.spent?.minorUnits += 1
    #expect(!findings(.month(12)).mismatches.isEmpty)
  }

  @Test("returned goods are in the totals, with their refunds and the receipts returned as a whole")
  mutating func returned() {
    purchases[0].refunded = purchases[0].paid
    purchases[0].net = CommonV1.Money(cents: 0)
    purchases[0].returnedAt = GoogleProtobuf.Timestamp()
    let cents = purchases[0].paid?.minorUnits ?? 0
    #expect(findings(.month(12)).mismatches.count == 4)
    totals.purchaseCount -= 1
    totals.returnedPurchaseCount += 1
    totals.refunded = CommonV1.Money(cents: cents)
    totals.spent?.minorUnits -= cents
    #expect(findings(.month(12)).mismatches == [])
  }

  @Test("points that do not follow the rule are found")
  mutating func points() {
    entries[4].points += 1
    balance.points += 1
    #expect(!findings(.month(12)).mismatches.isEmpty)
  }

  @Test("a balance that is not the sum of the entries is found")
  mutating func wrongBalance() {
    balance.points += 1
    #expect(!findings(.month(12)).mismatches.isEmpty)
  }

  @Test("a sale beside the record matters to the year's totals only")
  mutating func otherSale() {
    let cents = CommonV1.Money(cents: 100)
    purchases.insert(MembersV1.Purchase(orderID: "other", paid: cents, net: cents), at: 0)
    totals.purchaseCount += 1
    totals.paid?.minorUnits += 100
    totals.spent?.minorUnits += 100
    #expect(findings(.month(12)).mismatches == [])
    #expect(findings(.year).mismatches.count == 2)
  }
}
