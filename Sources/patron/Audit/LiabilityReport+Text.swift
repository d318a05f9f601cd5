extension LiabilityReport {
  /// The report for people.
  var lines: [String] {
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
