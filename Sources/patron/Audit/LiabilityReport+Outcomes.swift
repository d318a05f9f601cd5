extension LiabilityReport {
  static let rules = [
    AuditRule(
      "liability.lots",
      "what is owed, added up from the lots that are left, is the sum of the members' balances"
    )
  ]

  /// Whether the report adds up.
  func outcomes(time: Duration) -> [AuditOutcome] {
    let wrong = assets.filter { $0.outstandingByLots != $0.outstanding }
    let finding = wrong.first.map { asset in
      "asset \(asset.asset): the lots less the debt add up to \(asset.outstandingByLots), the balances to "
        + "\(asset.outstanding)"
    }
    return Self.rules.map { rule in
      AuditOutcome(rule: rule, brokenCount: Int64(wrong.count), firstFinding: finding, time: time)
    }
  }
}
