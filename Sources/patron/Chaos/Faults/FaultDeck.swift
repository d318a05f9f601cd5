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
