/// New values for the parts of a programme that are to change.
struct ProgrammeChange: Sendable, Hashable {
  var name: String?
  var currencyCode: String?
  var earnRule: EarnRule?
  var redeemRule: RedeemRule?
}

extension Programme {
  /// The programme with the change made; version and time are the store's to set.
  func applying(_ change: ProgrammeChange) -> Programme {
    var changed = self
    changed.name = change.name ?? name
    changed.currencyCode = change.currencyCode ?? currencyCode
    changed.earnRule = change.earnRule ?? earnRule
    changed.redeemRule = change.redeemRule ?? redeemRule
    return changed
  }
}
