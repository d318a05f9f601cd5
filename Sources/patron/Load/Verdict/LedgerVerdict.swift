/// Whether the ledger is right after a load.
enum Verdict: Codable, Hashable, Sendable {
  /// Everything that was looked at adds up.
  case clean
  /// What does not.
  case findings([String])
  /// Nobody has looked, and why.
  case notAsked(reason: String)

  /// For programs.
  var word: String {
    switch self {
    case .clean: "clean"
    case .findings: "findings"
    case .notAsked: "not-asked"
    }
  }

  /// The same with further findings.
  func adding(_ further: [String]) -> Verdict {
    switch self {
    case .clean: further.isEmpty ? .clean : .findings(further)
    case .findings(let findings): .findings(further + findings)
    case .notAsked: self
    }
  }
}

/// Somebody who checks the ledger.
protocol LedgerVerdict: Sendable {
  /// What is looked at, for the report.
  var description: String { get }

  /// Looks.
  func verdict() async throws -> Verdict
}
