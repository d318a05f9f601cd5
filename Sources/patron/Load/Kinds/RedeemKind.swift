extension LoadKind {
  /// A sale of which a part is paid with points. Refused where the member has too few.
  static let redeem = LoadKind(
    name: "redeem",
    summary: "a sale partly paid with points",
    faces: [.loyalty, .gateway],
    sells: true,
    standardWeight: { _ in 20 },
    draft: { till in
      var sale = till.newSale()
      let programme = till.plan.programme
      sale.ensureGross(programme.redeemMinorUnits)
      let most = min(multiplesMaximum, sale.grossMinorUnits / programme.redeemMinorUnits)
      sale.pointsToRedeem = till.number(in: 1...most) * programme.redeemPoints
      let ready = sale
      return [LoadCall(kind: "redeem") { try await $0.post(ready) }]
    }
  )

  /// The most multiples of the redeem rule's points on one sale, so that balances last for a long run.
  private static let multiplesMaximum: Int64 = 5
}
