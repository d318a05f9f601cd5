import CommonProto
import LoyaltyProto
import MembersProto

/// What members and loyalty know of a household, compared with what the plan says.
struct HouseholdFindings: Sendable {
  /// How many of the planned receipts are in the member's history.
  private(set) var receipts = 0
  /// What was paid for them, in cents.
  private(set) var spentCents: Int64 = 0
  /// The points that the ledger has for them.
  private(set) var pointsEarned: Int64 = 0
  /// Everything that does not add up, as sentences.
  private(set) var mismatches: [String] = []

  init(
    household: PlannedHousehold,
    period: ReplayPeriod,
    rule: PointsRule,
    purchases: [MembersV1.Purchase],
    totals: MembersV1.PurchaseTotals,
    entries: [LoyaltyV1.Entry],
    balance: LoyaltyV1.Balance
  ) {
    let purchasesByOrder = Dictionary(purchases.map { ($0.orderID, $0) }, uniquingKeysWith: { first, _ in first })
    let earned = Dictionary(
      entries.filter { $0.type == .earn }.map { ($0.orderID, $0.points) },
      uniquingKeysWith: +
    )
    for receipt in household.receipts {
      guard let purchase = purchasesByOrder[receipt.requestID] else {
        mismatches.append("receipt \(receipt.basket) is not in the member's history")
        continue
      }
      receipts += 1
      check(receipt, purchase, earned: earned[receipt.requestID] ?? 0, rule: rule)
    }
    checkTotals(purchases, totals)
    checkLedger(entries, balance)
    if case .year = period {
      expect(totals.purchaseCount, Int64(household.receipts.count), "receipts of household \(household.number)")
      expect(totals.spent?.minorUnits ?? 0, household.paidCents, "spent by household \(household.number)")
    }
  }

  private mutating func check(
    _ receipt: PlannedReceipt,
    _ purchase: MembersV1.Purchase,
    earned: Int64,
    rule: PointsRule
  ) {
    let paid = purchase.paid?.minorUnits ?? 0
    spentCents += paid
    pointsEarned += earned
    expect(paid, receipt.paidCents, "paid for receipt \(receipt.basket)")
    expect(earned, rule.points(for: receipt.paidCents), "points in the ledger for receipt \(receipt.basket)")
    expect(purchase.pointsEarned, earned, "points in the history for receipt \(receipt.basket)")
    expect(Int64(purchase.lines.count), Int64(receipt.lines.count), "lines of receipt \(receipt.basket)")
  }

  private mutating func checkTotals(_ purchases: [MembersV1.Purchase], _ totals: MembersV1.PurchaseTotals) {
    let kept = purchases.filter { $0.returnedAt == nil }
    func sum(_ amount: (MembersV1.Purchase) -> CommonV1.Money?) -> Int64 {
      purchases.reduce(0) { $0 + (amount($1)?.minorUnits ?? 0) }
    }
    expect(totals.purchaseCount, Int64(kept.count), "receipts in the totals")
    expect(totals.returnedPurchaseCount, Int64(purchases.count - kept.count), "returned receipts in the totals")
    expect(totals.paid?.minorUnits ?? 0, sum(\.paid), "paid in the totals")
    expect(totals.refunded?.minorUnits ?? 0, sum(\.refunded), "refunded in the totals")
    expect(totals.spent?.minorUnits ?? 0, sum(\.net), "spent in the totals")
  }

  private mutating func checkLedger(_ entries: [LoyaltyV1.Entry], _ balance: LoyaltyV1.Balance) {
    expect(balance.points, entries.reduce(0) { $0 + $1.points }, "balance, beside the sum of the entries,")
    expect(entries.first?.balancePoints ?? 0, balance.points, "balance after the latest entry")
  }

  private mutating func expect(_ found: Int64, _ wanted: Int64, _ what: String) {
    if found != wanted { mismatches.append("\(what): \(found) instead of \(wanted)") }
  }
}
