import Foundation
import Testing

@testable import LoyaltyService

@Suite("What waits for a batch")
struct LaneQueueTests {
  /// Two members of different lanes.
  private let lanes: (Lane, Lane) = {
    let first = Lane(member: UUID())
    while true {
      let second = Lane(member: UUID())
      if second != first { return (first, second) }
    }
  }()

  @Test("is taken first come first served, at most as much as is asked for")
  func order() {
    var queue = LaneQueue<Int>(laneMaximum: 10)
    for number in 0..<5 { _ = queue.append(number, to: number % 2 == 0 ? lanes.0 : lanes.1) }
    let taken = [queue.take(3), queue.take(3), queue.take(3)]
    #expect(taken == [[0, 1, 2], [3, 4], []])
    #expect(queue.isEmpty)
  }

  @Test("is bounded for each lane by itself; what is taken makes room")
  func bound() {
    var queue = LaneQueue<Int>(laneMaximum: 2)
    let first = (0..<3).map { queue.append($0, to: lanes.0) }
    #expect(first == [true, true, false])
    let other = queue.append(3, to: lanes.1)
    #expect(other)
    let taken = queue.take(1)
    #expect(taken == [0])
    let second = (4..<6).map { queue.append($0, to: lanes.0) }
    #expect(second == [true, false])
    let rest = queue.take(10)
    #expect(rest == [1, 3, 4])
  }
}
