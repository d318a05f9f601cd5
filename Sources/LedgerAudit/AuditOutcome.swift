import LocalSuite
import Postgres

/// Whether a rule holds.
struct AuditOutcome: Sendable {
  var rule: AuditRule
  /// How many rows break it.
  var brokenCount: Int64
  /// The first row that does, in words; nil if none does.
  var firstFinding: String?
  /// How long the reading took that decided it.
  var time: Duration
  /// Why it could not be decided; nil if it was.
  var failure: String?

  /// Whether it was decided that no row breaks it.
  var holds: Bool { brokenCount == 0 && failure == nil }

  /// Why it does not hold, in words: the first row that breaks it, and of how many it is the first, or why it could not be
  /// checked; nil if it holds.
  var finding: String? {
    if let failure { return "could not be checked: \(failure)" }
    return firstFinding.map { brokenCount == 1 ? $0 : "\($0) (the first of \(Text.count(brokenCount)))" }
  }
}

extension AuditOutcome {
  /// A rule that could not be decided.
  static func undecided(_ rule: AuditRule, _ error: PostgresError, time: Duration) -> AuditOutcome {
    AuditOutcome(rule: rule, brokenCount: 0, firstFinding: nil, time: time, failure: "\(error)")
  }
}
