/// What a request has brought about, now or when it came first.
enum LedgerAnswer: Sendable, Hashable {
  /// The account as it stood.
  indirect case account(AccountSummary)
  /// What moved.
  case moved(RecordedRequest)
  /// The order as it was posted.
  indirect case posted(PostedOrder)
  /// The order with its reversal.
  indirect case reversed(OrderRow)
  /// The encoded answer to a return.
  case returned([UInt8])
  /// What was due is done.
  case settled
  /// The account as it is after all that came before in its lane; nil if there is none.
  indirect case seen(AccountRecord?)

  /// The answer with what the sequences of its entries count from, if the batch that it is part of has just been written.
  func counted(from base: Int64) -> LedgerAnswer {
    guard case .moved(var recorded) = self, recorded.base == nil else { return self }
    recorded.base = base
    return .moved(recorded)
  }
}
