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
}
