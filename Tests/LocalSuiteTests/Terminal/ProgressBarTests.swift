import Testing

@testable import LocalSuite

@Suite("Progress")
struct ProgressBarTests {
  private let bar = ProgressBar(title: "Receipts", total: 1_000)

  @Test("the bar shows how much is done, how fast, and how long it will take")
  func line() {
    let line = bar.line(done: 500, elapsed: .seconds(5), width: 100)
    #expect(line.hasSuffix(" 500 / 1,000  50%  100/s  0:05 left"))
    #expect(line.filter { $0 == "━" }.count == 20)
    #expect(line.filter { $0 == "·" }.count == 20)
  }

  @Test("it fits the line, with a shorter bar or none")
  func width() {
    #expect(bar.line(done: 500, elapsed: .seconds(5), width: 70).count <= 70)
    #expect(!bar.line(done: 500, elapsed: .seconds(5), width: 40).contains("━"))
  }

  @Test("nothing to do is done")
  func empty() {
    #expect(ProgressBar(title: "x", total: 0).line(done: 0, elapsed: .zero, width: 80).contains("100%"))
  }
}
