import Foundation

/// So much that is set aside for a spending that is under way.
///
/// It does not expire while it is held, and can be captured after its last day; released after it, it expires at once.
struct Hold: Sendable, Hashable {
  /// The request that set it aside.
  var id: UUID
  /// The slices taken out of the spendable lots; never empty.
  var slices: LotList
  /// When it releases itself.
  var expiresAt: Instant

  /// A hold of these slices: sorted by key, each key once.
  init(id: UUID, lots: [Lot], expiresAt: Instant) {
    self.id = id
    slices = LotList(lots)
    self.expiresAt = expiresAt
  }

  /// The slices, in the order in which lots are spent.
  var lots: [Lot] { slices.lots }

  /// How much is held; more than 0.
  var amount: Int64 { slices.total }
}
