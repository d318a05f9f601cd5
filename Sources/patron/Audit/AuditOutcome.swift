/// Whether a rule holds.
struct AuditOutcome: Sendable {
  var rule: AuditRule
  /// How many rows break it.
  var brokenCount: Int64
  /// The first row that does, in words; nil if none does.
  var firstFinding: String?
  /// How long the reading took that decided it.
  var time: Duration

  var holds: Bool { brokenCount == 0 }

  /// The first row that breaks the rule, and of how many it is the first, in words; nil if none does.
  var finding: String? {
    firstFinding.map { brokenCount == 1 ? $0 : "\($0) (the first of \(Text.count(brokenCount)))" }
  }
}
