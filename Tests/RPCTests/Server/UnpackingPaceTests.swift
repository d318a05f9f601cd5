import NIOCore
import Testing

@testable import RPC

@Suite("The pace of unpacking, without a clock (row 19)")
struct UnpackingPaceTests {
  private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

  @Test("Above the limit of bytes it pauses, then continues")
  func pause() {
    var pace = UnpackingPace(bytesMaximum: 100)
    pace.unpacked(bytes: 99, now: Self.start)
    #expect(!pace.isPausing(Self.start))
    pace.unpacked(bytes: 1, now: Self.start)
    #expect(pace.isPausing(Self.start))
    #expect(pace.resumesAt == Self.start + UnpackingPace.pause)
    #expect(!pace.isPausing(pace.resumesAt))
    pace.unpacked(bytes: 99, now: pace.resumesAt)
    #expect(!pace.isPausing(pace.resumesAt))
  }

  @Test("One that takes long pauses too, counted from its end")
  func longOne() {
    var pace = UnpackingPace(bytesMaximum: 100)
    pace.unpacked(bytes: 500, now: Self.start + .seconds(1))
    #expect(pace.isPausing(Self.start + .seconds(1)))
  }

  @Test("What lies apart in time does not add up")
  func apart() {
    var pace = UnpackingPace(bytesMaximum: 100)
    for number in 0..<100 as Range<Int64> {
      pace.unpacked(bytes: 60, now: Self.start + .milliseconds(6 * number))
      #expect(!pace.isPausing(Self.start + .milliseconds(6 * number)))
    }
  }
}
