/// New values for the parts of a programme that are to change.
struct ProgrammeChange: Sendable, Hashable {
  var name: String?
  var currencyCode: String?
  var earnRule: EarnRule?
  var redeemRule: RedeemRule?
  var expiryRule: ExpiryRule?
  var pendingDays: Int32?
  var returnRule: ReturnRule?
}

extension Programme {
  /// The programme with the change made; version and time are the store's to set.
  func applying(_ change: ProgrammeChange) -> Programme {
    var changed = self
    changed.name = change.name ?? name
    changed.currencyCode = change.currencyCode ?? currencyCode
    changed.earnRule = change.earnRule ?? earnRule
    changed.redeemRule = change.redeemRule ?? redeemRule
    changed.expiryRule = change.expiryRule ?? expiryRule
    changed.pendingDays = change.pendingDays ?? pendingDays
    changed.returnRule = change.returnRule ?? returnRule
    return changed
  }
}
