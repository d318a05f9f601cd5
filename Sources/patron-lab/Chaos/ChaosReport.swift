import LocalSuite

/// What a fault suite found.
struct ChaosReport: Sendable {
  var seed: UInt64
  var tallies: [ChaosTally]
  /// At how many places of a batch the kinds have struck that go through them all.
  var placeCounts: [String: Int] = [:]
  /// What is wrong, in words; empty if nothing was lost or doubled.
  var findings: [String]
  var elapsed: Duration

  /// All kinds together.
  var total: ChaosTally {
    tallies.reduce(into: ChaosTally(kind: "all")) { $0.add($1) }
  }

  /// For people.
  var table: [String] {
    let places = placeCounts.sorted { $0.key < $1.key }.map { "\($0.key): at \($0.value) places of a batch" }
    return [ChaosTally.heading] + (tallies + [total]).map(\.line) + places
  }

  /// For programs.
  var results: [String] {
    [
      "RESULT chaos.seed=\(seed)",
      "RESULT chaos.faults=\(total.faults)",
      "RESULT chaos.sent=\(total.sent)",
      "RESULT chaos.unknown=\(total.unknown)",
      "RESULT chaos.places=\(placeCounts.values.max() ?? 0)",
      "RESULT chaos.findings=\(findings.count)",
      "RESULT chaos.seconds=\(Text.decimal(elapsed / .seconds(1), digits: 0))",
      "RESULT chaos.verdict=\(findings.isEmpty ? "clean" : "findings")",
    ]
  }
}
