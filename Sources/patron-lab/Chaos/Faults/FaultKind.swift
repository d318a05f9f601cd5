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

/// In which order kinds of faults come: each once at first, then by chance and by their weights.
struct FaultDeck: Sendable {
  private let kinds: [FaultKind]
  private var cards: [FaultKind]

  init(_ kinds: [FaultKind], using random: inout some RandomNumberGenerator) {
    self.kinds = kinds
    cards = kinds.shuffled(using: &random)
  }

  /// The next kind.
  mutating func draw(using random: inout some RandomNumberGenerator) -> FaultKind {
    if cards.isEmpty {
      cards = kinds.flatMap { Array(repeating: $0, count: $0.weight) }.shuffled(using: &random)
    }
    return cards.removeLast()
  }
}
