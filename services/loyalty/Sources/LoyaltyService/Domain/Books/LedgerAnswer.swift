/// What a request has brought about, now or when it came first.
enum LedgerAnswer: Sendable, Hashable {
  /// The account as it stood.
  case account(AccountSummary)
  /// What moved.
  case moved(RecordedRequest)
  /// The order as it was posted.
  case posted(PostedOrder)
  /// The order with its reversal.
  case reversed(OrderRow)
  /// The encoded answer to a return.
  case returned([UInt8])
  /// What was due is done.
  case settled
}
