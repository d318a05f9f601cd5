import Synchronization

/// Where a service takes its random numbers from. Injected, so that a test repeats a run from its seed.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private let draw: @Sendable () -> UInt64

  /// A source that answers with what `draw` returns.
  public init(_ draw: @escaping @Sendable () -> UInt64) {
    self.draw = draw
  }

  /// The next 64 random bits.
  public func next() -> UInt64 { draw() }

  /// The system's cryptographically strong source.
  public static let system = RandomSource {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }

  /// A repeatable sequence (SplitMix64): the same seed gives the same numbers. Not for secrets.
  public static func seeded(_ seed: UInt64) -> RandomSource {
    let state = SeededState(seed)
    return RandomSource { state.next() }
  }
}

private final class SeededState: Sendable {
  private let counter: Atomic<UInt64>

  init(_ seed: UInt64) {
    counter = Atomic(seed)
  }

  func next() -> UInt64 {
    var mixed = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
