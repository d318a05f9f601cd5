/// One way in which things break. Another one is another file like `KillLoyalty.swift`, and a word in ``all``.
struct FaultKind: Sendable {
  /// What it is called in `--kinds` and in the table.
  let name: String
  /// What it does, for `--help`.
  let summary: String
  /// How often it comes, beside the others.
  let weight: Int
  /// Breaks something while calls are under way. What it leaves broken is put right afterwards.
  let strike: @Sendable (FaultScene) async throws -> Void

  /// Every kind there is.
  static let all: [FaultKind] = [
    .killLoyalty, .killPostgres, .killCaller, .killAtBoundary, .crashAtBoundary, .cutAtBoundary, .cutDuringCommit,
    .clockBack, .diskFull, .statementTimeout,
  ]

  /// The kind with this name.
  static func named(_ name: String) -> FaultKind? {
    all.first { $0.name == name }
  }
}
