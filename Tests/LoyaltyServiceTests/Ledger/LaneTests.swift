import Basics
import Foundation
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The lane of a member")
struct LaneTests {
  @Test("never changes, for it is stored")
  func isPinned() throws {
    let members = [
      "00000000-0000-0000-0000-000000000000", "0193f3a1-0000-7000-8000-000000000001",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]
    let lanes = try members.map { Lane(member: try #require(UUID(uuidString: $0))).number }
    #expect(lanes == [28, 47, 29])
  }

  @Test("spreads members evenly over 64 lanes")
  func spreads() {
    var counts = [Int16: Int]()
    for low in 0..<64_000 {
      counts[
        Lane(member: UUID(high: 0x0193_F3A1_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(low))).number,
        default: 0
      ] += 1
    }
    #expect(counts.count == 64)
    #expect(counts.values.allSatisfy { 700...1_300 ~= $0 })
  }
}
