import Basics
package import Foundation
import ServiceKit

/// Makes up sales as a chain's tills have them, for the load and for the benchmark of checkouts.
package struct SaleDraft: Sendable {
  /// The price of a line, in minor units.
  static let prices: ClosedRange<Int64> = 50...2_000
  private static let tillsPerStore = 10
  private static let products = 100_000..<1_000_000

  /// The number of stores.
  let storeCount: Int
  /// What baskets look like.
  let baskets: BasketCurves
  let currencyCode: String

  package init(storeCount: Int, baskets: BasketCurves, currencyCode: String) {
    self.storeCount = storeCount
    self.baskets = baskets
    self.currencyCode = currencyCode
  }

  /// Draws a sale.
  ///
  /// - Parameters:
  ///   - requestID: Becomes the order's id, and the number on the receipt.
  ///   - memberNumber: The member's place in the caller's list.
  ///   - occurredAt: When it happens, in microseconds since 1970.
  package func sale(
    requestID: UUID,
    memberNumber: Int,
    memberID: String,
    occurredAt: Int64,
    using random: inout some RandomNumberGenerator
  ) -> Sale {
    Sale(
      requestID: requestID,
      memberNumber: memberNumber,
      memberID: memberID,
      store: Int.random(in: 0..<storeCount, using: &random),
      till: Int.random(in: 0..<Self.tillsPerStore, using: &random),
      receiptNumber: requestID.text,
      occurredAtUnixMicroseconds: occurredAt,
      lines: (0..<baskets.lineCount(using: &random)).map { _ in
        Sale.Line(
          product: Int.random(in: Self.products, using: &random),
          minorUnits: Int64.random(in: Self.prices, using: &random)
        )
      },
      currencyCode: currencyCode
    )
  }
}
