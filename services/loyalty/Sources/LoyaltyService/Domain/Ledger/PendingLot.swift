import Foundation

/// So much that was earned and cannot be spent yet.
///
/// It does not expire while it is pending; if its last day is over when it becomes spendable, it expires then.
struct PendingLot: Sendable, Hashable {
  /// The request that earned it.
  var id: UUID
  /// How much; more than 0.
  var amount: Int64
  /// The last day on which it can be spent.
  var expiresOn: Day
  /// What makes it spendable.
  var activates: Activation

  /// The slice of lots that it is.
  var slice: Lot { Lot(expiresOn: expiresOn, amount: amount) }
}
