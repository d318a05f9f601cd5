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
}
