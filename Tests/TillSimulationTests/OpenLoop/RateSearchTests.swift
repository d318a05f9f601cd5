import Testing

@testable import TillSimulation

@Suite("Finding the highest rate")
struct RateSearchTests {
  private func search(capacity: Double) -> (best: Double, trials: Int) {
    var search = RateSearch(first: 200)
    var trials = 0
    while let rate = search.next {
      search.note(rate, held: rate <= capacity)
      trials += 1
    }
    return (search.best, trials)
  }

  @Test("it comes close to the service's capacity, in few trials", arguments: [30.0, 250, 1_234, 9_000])
  func finds(capacity: Double) {
    let found = search(capacity: capacity)
    #expect(found.best <= capacity)
    #expect(found.best > capacity * 0.9)
    #expect(found.trials < 20)
  }

  @Test("it ends when nothing holds")
  func nothing() {
    #expect(search(capacity: 0).best == 0)
  }
}
