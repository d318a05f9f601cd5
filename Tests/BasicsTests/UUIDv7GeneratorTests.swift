import Basics
import Foundation
import Testing

@Suite("UUIDv7")
struct UUIDv7GeneratorTests {
  @Test("Ids have version 7, the RFC variant and the clock's milliseconds")
  func layout() {
    let generator = UUIDv7Generator(clock: .fixed(unixMicroseconds: 1_645_557_742_000_000), random: .seeded(1))
    let id = generator.next()
    #expect(id.version == 7 && id.uuid.8 >> 6 == 0b10)
    #expect(id.text.hasPrefix("017f22e2-79b0-7"))
  }

  @Test("Ids never go backwards, even when the clock stops or does")
  func order() {
    let times: [Int64] = [5_000_000, 5_000_000, 4_000_000, 6_000_000]
    var last = ""
    let clock = TickingClock(times)
    let generator = UUIDv7Generator(clock: clock.clock, random: .seeded(2))
    for _ in 0..<1_000 {
      let id = generator.next().text
      #expect(id > last)
      last = id
    }
  }

  @Test("The same seed gives the same ids")
  func seed() {
    func ids() -> [UUID] {
      let generator = UUIDv7Generator(clock: .fixed(unixMicroseconds: 1), random: .seeded(42))
      return (0..<5).map { _ in generator.next() }
    }
    #expect(ids() == ids())
  }
}

private final class TickingClock: Sendable {
  private let times: [Int64]
  private let random = RandomSource.seeded(3)

  init(_ times: [Int64]) {
    self.times = times
  }

  var clock: WallClock { WallClock { [self] in times[Int(random.next() % UInt64(times.count))] } }
}
