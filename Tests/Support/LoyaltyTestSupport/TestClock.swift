public import Basics
public import Foundation
import ServiceKit
import Synchronization

/// A clock that advances only when the test says so.
public final class TestClock: Sendable {
  private let microseconds = Atomic<Int64>(1_700_000_000_000_000)

  public init() {}

  /// The clock as services read it.
  public var wall: WallClock { WallClock { self.microseconds.load(ordering: .sequentiallyConsistent) } }

  /// The clock's time.
  public var now: Date { wall.now }

  /// Advances the clock.
  public func advance(by duration: Duration) {
    microseconds.wrappingAdd(duration.wholeNanoseconds / 1_000, ordering: .sequentiallyConsistent)
  }
}
