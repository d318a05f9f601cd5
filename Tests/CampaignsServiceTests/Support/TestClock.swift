import Foundation
import ServiceKit
import Synchronization

/// A clock that goes on only when the test says so.
final class TestClock: Sendable {
  private let microseconds = Atomic<Int64>(1_700_000_000_000_000)

  /// The clock as services read it.
  var wall: WallClock { WallClock { self.microseconds.load(ordering: .sequentiallyConsistent) } }

  var now: Date { wall.now }

  func advance(by duration: Duration) {
    let (seconds, attoseconds) = duration.components
    microseconds.wrappingAdd(seconds * 1_000_000 + attoseconds / 1_000_000_000_000, ordering: .sequentiallyConsistent)
  }
}
