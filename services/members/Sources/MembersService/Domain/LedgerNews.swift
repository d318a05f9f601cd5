import Foundation

/// The purchases in a run of the ledger's events, combined so that a few statements can record all of them. Repeated
/// events add nothing.
struct LedgerNews: Sendable, Hashable {
  /// One event of the ledger.
  enum Event: Sendable, Hashable {
    /// A receipt was posted.
    case posted(Purchase)
    /// A receipt was reversed, at the time in the purchase.
    case reversed(Purchase)
    /// Goods of a receipt were returned.
    case returned(Purchase, PurchaseReturn)
  }

  /// A receipt that was reversed as a whole.
  struct Reversal: Sendable, Hashable {
    var memberID: UUID
    var orderID: UUID
    var reversedAt: Date
  }

  /// Every receipt as posted, each once, in the order of its first event.
  private(set) var purchases: [Purchase] = []
  /// Every return, each once, in the order of its first event.
  private(set) var returns: [PurchaseReturn] = []
  /// Every reversed receipt, each once, in the order of its first event.
  private(set) var reversals: [Reversal] = []

  private var known: Set<UUID> = []
  private var returned: Set<UUID> = []
  private var reversed: Set<UUID> = []

  init(_ events: some Sequence<Event> = []) {
    for event in events { add(event) }
  }

  var isEmpty: Bool { purchases.isEmpty }

  /// Adds one event. Reversals and returns contain the whole receipt, so they are complete even without the event of
  /// its posting.
  private mutating func add(_ event: Event) {
    switch event {
    case .posted(let purchase):
      hear(of: purchase)
    case .reversed(let purchase):
      hear(of: purchase)
      guard let reversedAt = purchase.reversedAt, reversed.insert(purchase.orderID).inserted else { return }
      reversals.append(Reversal(memberID: purchase.memberID, orderID: purchase.orderID, reversedAt: reversedAt))
    case .returned(let purchase, let goods):
      hear(of: purchase)
      if returned.insert(goods.returnID).inserted { returns.append(goods) }
    }
  }

  private mutating func hear(of purchase: Purchase) {
    guard known.insert(purchase.orderID).inserted else { return }
    var asPosted = purchase
    asPosted.reversedAt = nil
    purchases.append(asPosted)
  }
}
