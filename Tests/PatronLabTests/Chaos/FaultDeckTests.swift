import SeededRandomness
import Testing

@testable import patron_lab

@Suite("The order of faults")
struct FaultDeckTests {
  @Test("has each kind once before any comes again, and then as often as it weighs", arguments: SeededRandom.several)
  func order(random: SeededRandom) {
    var random = random
    var deck = FaultDeck(FaultKind.all, using: &random)
    let first = FaultKind.all.map { _ in deck.draw(using: &random).name }
    #expect(Set(first).count == FaultKind.all.count)
    let weight = FaultKind.all.reduce(0) { $0 + $1.weight }
    let next = (0..<weight).map { _ in deck.draw(using: &random).name }
    for kind in FaultKind.all { #expect(next.count { $0 == kind.name } == kind.weight) }
  }
}
