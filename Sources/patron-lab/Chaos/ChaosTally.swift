import LocalSuite

/// What came of the faults of one kind.
struct ChaosTally: Hashable, Sendable {
  var kind: String
  var faults = 0
  /// Calls that the caller began.
  var sent = 0
  /// Calls of which nobody knew what had become of them, once everything worked again.
  var unknown = 0
  /// Calls that were sent again then: those, all that were answered, and some from before.
  var sentAgain = 0
  var findings = 0

  /// Adds another fault, or other kinds.
  mutating func add(_ other: ChaosTally) {
    faults += other.faults
    sent += other.sent
    unknown += other.unknown
    sentAgain += other.sentAgain
    findings += other.findings
  }

  /// Above the columns of ``line``.
  static let heading = row("fault", ["faults", "sent", "unknown", "sent again", "findings"])

  /// The tally as a line of a table.
  var line: String {
    Self.row(kind, [faults, sent, unknown, sentAgain, findings].map { Text.count($0) })
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    cells.reduce(name + String(repeating: " ", count: max(1, 19 - name.count))) { row, cell in
      row + String(repeating: " ", count: max(1, 12 - cell.count)) + cell
    }
  }
}
