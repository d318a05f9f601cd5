extension LoadKind {
  /// A sale with a coupon that its member was issued before the run; an ordinary sale once there are none left.
  static let coupon = LoadKind(
    name: "coupon",
    summary: "a sale with a coupon, issued before the run",
    faces: [.gateway],
    sells: true,
    standardWeight: { $0 == .gateway ? 10 : 0 },
    draft: { till in
      guard let coupon = till.nextCoupon() else { return earn.draft(till) }
      var sale = till.newSale(member: coupon.memberNumber)
      sale.couponIDs = [coupon.couponID]
      let ready = sale
      return [LoadCall(kind: "coupon") { try await $0.post(ready) }]
    }
  )
}
