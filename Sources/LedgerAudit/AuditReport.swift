package import Foundation

/// What an audit found.
package struct AuditReport: Sendable {
  /// How many accounts and entries there were, archived ones too.
  var accounts: Int64
  var entries: Int64
  var outcomes: [AuditOutcome]
  package var liability: LiabilityReport
  /// How many seals cover entries that are gone with their month: of those only the number of entries is decided.
  var sealsOfGoneEntries: Int64 = 0
  /// How far members' purchases were compared with the ledger.
  package var purchases = PurchaseCoverage.skipped("it was not asked for")
  /// The latest daily root, in hexadecimal; nil if there is none or it was not asked for.
  package var root: String?

  /// The rules that are broken.
  var broken: [AuditOutcome] { outcomes.filter { $0.brokenCount > 0 } }

  /// The rules that could not be decided.
  var undecided: [AuditOutcome] { outcomes.filter { $0.failure != nil } }

  /// Whether every rule was decided, and holds.
  package var isClean: Bool { outcomes.allSatisfy(\.holds) }

  /// What is wrong: of each rule that does not hold its name and the first row that breaks it, or why it was not decided.
  package var findings: [String] {
    outcomes.filter { !$0.holds }.map { "\($0.rule.name): \($0.finding ?? "broken")" }
  }

  /// One line: `clean`, or how many rules are broken, and how many could not be checked and why.
  package var verdict: String {
    if isClean { return "clean" }
    var parts: [String] = []
    if !broken.isEmpty { parts.append("\(Self.rules(broken.count)) broken") }
    if let first = undecided.first {
      parts.append("\(Self.rules(undecided.count)) could not be checked: \(first.rule.name), \(first.failure ?? "")")
    }
    return parts.joined(separator: "; ")
  }

  private static func rules(_ count: Int) -> String { count == 1 ? "1 rule" : "\(count) rules" }

  /// The verdict for programs.
  private var result: String {
    if !broken.isEmpty { return "broken" }
    return undecided.isEmpty ? "clean" : "undecided"
  }

  /// The same for programs.
  package var results: [String] {
    [
      "RESULT audit.accounts=\(accounts)",
      "RESULT audit.entries=\(entries)",
      "RESULT audit.seals_of_gone_entries=\(sealsOfGoneEntries)",
      "RESULT audit.rules=\(outcomes.count)",
      "RESULT audit.rules_broken=\(broken.count)",
      "RESULT audit.rules_undecided=\(undecided.count)",
    ] + purchases.results + (root.map { ["RESULT audit.root=\($0)"] } ?? [])
      + ["RESULT audit.verdict=\(result)"]
  }

  /// The whole report as JSON.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(
      Document(
        verdict: verdict,
        accounts: accounts,
        entries: entries,
        sealsOfGoneEntries: sealsOfGoneEntries,
        purchases: purchases.line,
        root: root,
        rules: outcomes.map { outcome in
          Document.Rule(
            name: outcome.rule.name,
            sentence: outcome.rule.sentence,
            holds: outcome.holds,
            brokenCount: outcome.brokenCount,
            firstFinding: outcome.firstFinding,
            failure: outcome.failure
          )
        },
        liability: liability
      )
    )
  }

  private struct Document: Encodable {
    struct Rule: Encodable {
      var name: String
      var sentence: String
      var holds: Bool
      var brokenCount: Int64
      var firstFinding: String?
      var failure: String?
    }

    var verdict: String
    var accounts: Int64
    var entries: Int64
    var sealsOfGoneEntries: Int64
    var purchases: String
    var root: String?
    var rules: [Rule]
    var liability: LiabilityReport
  }
}
