import LocalSuite

/// What the programme owes its members as of an instant: points and money that they have and have not spent.
package struct LiabilityReport: Encodable, Sendable {
  /// The instant, in microseconds since 1970; nil for all that was recorded.
  var asOf: Int64?
  /// In the order of their numbers.
  var assets: [Asset]

  /// What is owed of one asset, in points or in the currency's smallest unit.
  struct Asset: Encodable, Sendable {
    var asset: Int16
    var code: String
    /// ISO 4217; nil for points.
    var currencyCode: String?
    /// What members can spend now; less than 0 if they owe more than they have.
    var available: Int128
    /// What is set aside for spendings that are under way.
    var held: Int128
    /// What was earned and cannot be spent yet.
    var pending: Int128
    /// What members owe because of returns. It makes the liability smaller and is in no lot.
    var debt: Int128
    /// The lots that are outstanding, held and pending ones too.
    var lots: [Lots]

    /// What is owed: the members' balances.
    var outstanding: Int128 { available + held + pending }
    /// The same, added up from the lots.
    var outstandingByLots: Int128 { lots.reduce(0) { $0 + $1.amount } - debt }
    /// How much of it, of money, is bonus, which is never paid out.
    var bonus: Int128 { lots.reduce(0) { $1.isBonus ? $0 + $1.amount : $0 } }
  }

  /// Lots that expire in the same month and were issued by the same store.
  struct Lots: Encodable, Sendable {
    /// Such as 2027-03, or `never`.
    var expiryMonth: String
    /// The store whose order earned them; nil if none did, or if the order's entries are gone.
    ///
    /// Of a member's lots with the same last day, those that were issued first count as spent first.
    var store: String?
    /// Whether they are bonus on money that was paid in.
    var isBonus = false
    var amount: Int128
  }
}

extension LiabilityReport.Asset {
  /// What expires when: months in their order, `never` last.
  var byMonth: [(name: String, amount: Int128)] { Self.sums(lots.map { ($0.expiryMonth, $0.amount) }) }

  /// What was issued where: stores in their order, `none` last.
  var byStore: [(name: String, amount: Int128)] {
    Self.sums(lots.filter { $0.store != nil }.map { ($0.store ?? "", $0.amount) })
      + Self.sums(lots.filter { $0.store == nil }.map { ("none", $0.amount) })
  }

  private static func sums(_ parts: [(String, Int128)]) -> [(name: String, amount: Int128)] {
    Dictionary(parts, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

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

extension LiabilityReport {
  /// The report for people.
  package var lines: [String] {
    assets.flatMap { asset in
      var lines = [
        "\(asset.code): \(Text.count(asset.outstanding)) outstanding",
        "  \(Text.count(asset.available)) can be spent, \(Text.count(asset.held)) are held, "
          + "\(Text.count(asset.pending)) are pending",
      ]
      if asset.currencyCode != nil { lines.append("  \(Text.count(asset.bonus)) are bonus, and are not paid out") }
      if asset.debt > 0 { lines.append("  \(Text.count(asset.debt)) are owed by members and in no lot") }
      lines += Self.table("expires", asset.byMonth) + Self.table("issued by", asset.byStore)
      return lines
    }
  }

  private static func table(_ title: String, _ rows: [(name: String, amount: Int128)]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let figures = rows.map { Text.count($0.amount) }
    let nameWidth = max(title.count, rows.map { $0.name.count }.max() ?? 0)
    let width = figures.map(\.count).max() ?? 0
    return ["  \(title)"]
      + zip(rows, figures).map { row, figure in
        let gap = nameWidth - row.name.count + 2 + width - figure.count
        return "    \(row.name)\(String(repeating: " ", count: gap))\(figure)"
      }
  }
}
