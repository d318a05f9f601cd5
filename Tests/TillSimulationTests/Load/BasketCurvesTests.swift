import Basics
import ServiceKit
import Testing

@testable import TillSimulation

@Suite("Baskets and hours")
struct BasketCurvesTests {
  @Test("the table in the source matches the grocery data")
  func recorded() throws {
    #expect(BasketCurves(try JourneyFixture.journey.get()) == BasketCurves.recorded)
    #expect(BasketCurves.recorded.basketsByLineCount.reduce(0, +) == 47_243)
    #expect(BasketCurves.recorded.basketsByHour.reduce(0, +) == 47_243)
  }

  @Test("lines and hours are drawn as often as they occurred")
  func draws() {
    let curves = BasketCurves.recorded
    var random = RandomSource.seeded(3)
    let lines = (0..<20_000).map { _ in curves.lineCount(using: &random) }
    let hours = (0..<20_000).map { _ in curves.hour(using: &random) }
    #expect(abs(Double(lines.count { $0 == 1 }) / 20_000 - 30_759.0 / 47_243) < 0.02)
    #expect(abs(Double(hours.count { $0 == 17 }) / 20_000 - 4_885.0 / 47_243) < 0.01)
    #expect(lines.allSatisfy { (1...12).contains($0) })
    #expect(hours.allSatisfy { (0...23).contains($0) })
  }

  @Test("what is shown can be put into the source")
  func shown() {
    #expect(BasketCurves.recorded.lines[0].hasPrefix("basketsByLineCount: [30_759, 9_860, 3_880,"))
  }
}
