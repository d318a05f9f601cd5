import LocalSuite

/// What a replay found, and how it says so.
package struct ReplayOutcome: Sendable {
  let plan: ReplayPlan
  let tally: ReplayTally.Sums
  /// How long the tills' part took.
  let shoppingTime: Duration

  /// How many things do not add up.
  package var mismatchCount: Int {
    tally.mismatches.count
      + (tally.receipts == plan.receiptCount ? 0 : 1)
      + (tally.members == plan.households.count ? 0 : 1)
      + (tally.spentCents == plan.paidCents ? 0 : 1)
      + (tally.couponsRedeemed == plan.redemptionCount ? 0 : 1)
  }

  /// How many checkouts were answered in a second.
  var checkoutsPerSecond: Double {
    Double(tally.checkouts) / max(0.001, shoppingTime / .seconds(1))
  }

  /// The figures that it counts, for people.
  ///
  /// - Parameter pointsRedeemed: Points that were redeemed beside the recorded receipts, which redeem none.
  package func summary(pointsRedeemed: Int64 = 0) -> [String] {
    let currency = ReplayPlan.currencyCode
    let rows = [
      ("Sales", "\(Text.amount(tally.spentCents, currency)) on \(Text.count(tally.receipts)) receipts"),
      ("Members", Text.count(tally.members)),
      (
        "Coupons",
        "\(Text.count(tally.couponsIssued)) issued, \(Text.count(tally.couponsRedeemed)) redeemed, "
          + "\(Text.amount(tally.couponsOffCents, currency)) off"
      ),
      (
        "Points",
        "\(Text.count(tally.pointsEarned)) issued"
          + (pointsRedeemed == 0 ? "" : ", \(Text.count(pointsRedeemed)) redeemed by the member below")
      ),
      ("Checkouts", "\(Text.count(Int(checkoutsPerSecond))) per second, in \(Text.duration(shoppingTime))"),
      (
        "Checked",
        mismatchCount == 0
          ? "amounts, points, entries, balances and histories of all members: everything adds up"
          : "\(Text.count(mismatchCount)) things do not add up"
      ),
    ]
    return rows.map { name, text in "  \(name)\(String(repeating: " ", count: 12 - name.count))\(text)" }
      + tally.mismatches.prefix(10).map { "    \($0)" }
      + (tally.mismatches.count > 10 ? ["    and \(tally.mismatches.count - 10) more"] : [])
  }

  /// The same for programs.
  package var results: [String] {
    [
      "RESULT replay.receipts=\(tally.receipts)",
      "RESULT replay.members=\(tally.members)",
      "RESULT replay.spent_minor=\(tally.spentCents)",
      "RESULT replay.mismatches=\(mismatchCount)",
    ]
  }
}
