import Foundation

/// What a run of the ledger's events says about purchases, put together so that a few statements can record all of it.
/// Events that come twice say nothing new.
struct LedgerNews: Sendable, Hashable {
  /// One event of the ledger.
  enum Event: Sendable, Hashable {
    /// A receipt was posted.
    case posted(Purchase)
    /// A receipt was reversed; the purchase says when.
    case reversed(Purchase)
    /// Goods of a receipt came back.
    case returned(Purchase, PurchaseReturn)
  }

  /// A receipt that was taken back as a whole.
  struct Reversal: Sendable, Hashable {
    var memberID: UUID
    var orderID: UUID
    var reversedAt: Date
  }

  /// Every receipt that was heard of, as it was when posted, each once, in the order heard.
  private(set) var purchases: [Purchase] = []
  /// Every return, each once, in the order heard.
  private(set) var returns: [PurchaseReturn] = []
  /// Every receipt that was taken back, each once, in the order heard.
  private(set) var reversals: [Reversal] = []

  private var known: Set<UUID> = []
  private var returned: Set<UUID> = []
  private var reversed: Set<UUID> = []

  init(_ events: some Sequence<Event> = []) {
    for event in events { add(event) }
  }

  var isEmpty: Bool { purchases.isEmpty }

  /// Hears one event. A reversal and a return tell the whole receipt, so they are complete even where its posting was never
  /// heard of.
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
