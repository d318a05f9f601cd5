import Basics

/// One receipt of a replay, as the till sends it.
struct PlannedReceipt: Hashable, Sendable {
  /// One line of it.
  struct Line: Hashable, Sendable {
    var product: Int
    /// The product's type; empty if it is not described.
    var description: String
    /// The product's category; empty if it is not described.
    var category: String
    var quantityThousandths: Int64
    /// What the line costs before coupons, in cents.
    var amountCents: Int64
  }

  /// The request id of its checkout.
  var requestID: String
  /// The basket's number, which is the number on the receipt.
  var basket: Int
  /// The store.
  var store: Int
  /// When the household paid.
  var occurredAt: Instant
  /// The lines.
  var lines: [Line]
  /// The places of the coupons that it redeems in the household's list.
  var coupons: [Int]
  /// What is left to pay after the coupons, in cents: exactly what the record says was paid.
  var paidCents: Int64

  /// Plans a basket. The record says what was paid after all discounts, so what the coupons take off is first put on
  /// top: onto the dearest line, the first of equals.
  init(_ basket: Journey.Basket, coupons: [(place: Int, coupon: PlannedCoupon)], products: [Int: Journey.Product]) {
    requestID = DerivedIdentifier.text(at: basket.occurredAt, name: "basket/\(basket.number)")
    self.basket = basket.number
    store = basket.store
    occurredAt = basket.occurredAt
    self.coupons = coupons.map(\.place)
    paidCents = basket.paidCents
    lines = basket.lines.map { line in
      Line(
        product: line.product,
        description: products[line.product]?.type ?? "",
        category: products[line.product]?.category ?? "",
        quantityThousandths: Int64(line.quantity) * 1_000,
        amountCents: line.paidCents
      )
    }
    let grossUp = coupons.reduce(0) { $0 + $1.coupon.amountOffCents }
    if grossUp > 0, let dearest = lines.indices.max(by: { lines[$0].amountCents < lines[$1].amountCents }) {
      let first = lines.firstIndex { $0.amountCents == lines[dearest].amountCents } ?? dearest
      lines[first].amountCents += grossUp
    }
  }
}
