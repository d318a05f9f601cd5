import CommonProto
import LoyaltyTestSupport
import MembersProto

/// A member's purchases, points and returns: a list of every sale and return, added up in the simplest way on every
/// access.
struct SlowBooks: Sendable {
  /// One sale and its returns.
  struct Sale: Sendable {
    var orderID: String
    /// The price of each line.
    var costs: [Int64]
    /// The amount paid after coupons and points.
    var paid: Int64
    var pointsRedeemed: Int64
    var couponIDs: [String]
    /// The returned amount of each line, by return.
    var returns: [[Int64]] = []
    var isReversed = false

    var gross: Int64 { costs.reduce(0, +) }
    var pointsEarned: Int64 { paid / 100 }

    /// Returns the returned amount of a line.
    func back(_ line: Int) -> Int64 {
      isReversed ? costs[line] : returns.reduce(0) { $0 + $1[line] }
    }

    /// Returns the rest of a line.
    func left(_ line: Int) -> Int64 { costs[line] - back(line) }

    /// Whether everything was returned.
    var isAllBack: Bool { isReversed || !returns.isEmpty && costs.indices.allSatisfy { left($0) == 0 } }

    /// Returns the part of an amount that belongs to the returned goods.
    func share(_ amount: Int64) -> Int64 {
      if isAllBack { return amount }
      return gross == 0 ? 0 : amount * costs.indices.reduce(0) { $0 + back($1) } / gross
    }
  }

  var couponIDs: [String] = []
  var sales: [Sale] = []

  var points: Int64 {
    sales.reduce(0) { sum, sale in
      sum + sale.pointsEarned - sale.share(sale.pointsEarned) - sale.pointsRedeemed + sale.share(sale.pointsRedeemed)
    }
  }

  /// The redeemed coupons of sales of which the member keeps something.
  var usedCouponIDs: Set<String> { Set(sales.filter { !$0.isAllBack }.flatMap(\.couponIDs)) }

  /// The expected totals of members, without times.
  var totals: MembersV1.PurchaseTotals {
    guard !sales.isEmpty else { return MembersV1.PurchaseTotals() }
    let paid = sales.reduce(0) { $0 + $1.paid }
    let refunded = sales.reduce(0) { $0 + $1.share($1.paid) }
    let kept = sales.count { !$0.isAllBack }
    return MembersV1.PurchaseTotals(
      purchaseCount: Int64(kept),
      spent: .cny(paid - refunded),
      paid: .cny(paid),
      refunded: .cny(refunded),
      returnedPurchaseCount: Int64(sales.count - kept)
    )
  }

  /// The expected purchases of members: paid, refunded, net, the returned amounts by line, and whether it is all.
  var purchases: [String: [Int64]] {
    Dictionary(
      uniqueKeysWithValues: sales.map { sale in
        let refunded = sale.share(sale.paid)
        return (
          sale.orderID,
          [sale.paid, refunded, sale.paid - refunded, sale.isAllBack ? 1 : 0] + sale.costs.indices.map(sale.back)
        )
      }
    )
  }
}

extension MembersV1.Purchase {
  /// The purchase in the form of ``SlowBooks/purchases``.
  var numbers: [Int64] {
    var back = lines.map { _ in Int64(0) }
    for line in returnedLines { back[Int(line.line)] = line.amount?.minorUnits ?? 0 }
    return [paid, refunded, net].map { $0?.minorUnits ?? -1 } + [returnedAt == nil ? 0 : 1] + back
  }
}
