import Foundation

/// One line of a receipt, in the purchase's currency.
struct PurchaseLine: Sendable, Hashable {
  var productId: String
  var description: String
  var category: String
  var quantityThousandths: Int64
  /// In the currency's smallest unit.
  var amountMinorUnits: Int64
  /// How much of the quantity came back, as far as the returns said it.
  var returnedQuantityThousandths: Int64 = 0
  /// How much of the amount came back.
  var returnedMinorUnits: Int64 = 0

  /// Takes all of it back.
  mutating func returnAll() {
    returnedQuantityThousandths = quantityThousandths
    returnedMinorUnits = amountMinorUnits
  }
}
