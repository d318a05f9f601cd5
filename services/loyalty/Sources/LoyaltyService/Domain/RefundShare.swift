/// What of an order's payable is paid back when goods come back, decided without any I/O.
///
/// The money follows what was returned in proportion: once a half of what the lines cost is back, a half of the payable,
/// rounded down, was paid back, and with the last line all that is left. So all returns of an order and its reversal together
/// pay back exactly what was paid, in however many parts the goods come.
struct RefundShare: Sendable, Hashable {
  /// What the order's lines cost together, in the currency's smallest unit.
  var gross: Int64
  /// What was paid for them by other means than points; not more than `gross`.
  var payable: Int64

  /// What a return pays back.
  ///
  /// - Parameters:
  ///   - before: What the lines had cost that were back before it.
  ///   - after: What the lines had cost that are back with it.
  func refund(from before: Int64, to after: Int64) -> Int64 { paidBack(after) - paidBack(before) }

  /// What is left to pay back once `returned` of what the lines cost is back.
  func left(after returned: Int64) -> Int64 { payable - paidBack(returned) }

  private func paidBack(_ returned: Int64) -> Int64 {
    gross == 0 ? payable : Int64(Int128(payable) * Int128(returned) / Int128(gross))
  }
}
