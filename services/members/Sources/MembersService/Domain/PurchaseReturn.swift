import Foundation

/// Goods of a receipt that came back.
struct PurchaseReturn: Sendable, Hashable {
  var memberId: UUID
  var orderId: UUID
  /// The request id under which they were taken back.
  var returnId: UUID
  /// What its lines had cost together, before coupons and points, in the currency's smallest unit.
  var minorUnits: Int64
  var lines: [Line]
  var returnedAt: Date

  /// What came back of one line.
  struct Line: Sendable, Hashable {
    /// Which line of the receipt, counted from 0.
    var line: Int32
    /// How much of its quantity; 0 if the return did not say it.
    var quantityThousandths: Int64
    /// How much of what it had cost.
    var minorUnits: Int64
  }
}
