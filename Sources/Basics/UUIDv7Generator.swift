public import FoundationEssentials
import Synchronization

/// Mints UUIDs of version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, 12 bits of the fraction of the
/// millisecond (section 6.2, method 3), 62 random bits. Ids minted by one generator never go backwards, even when the
/// clock does.
public final class UUIDv7Generator: Sendable {
  private let clock: WallClock
  private let random: RandomSource
  private let latest = Atomic<UInt64>(0)

  /// A generator on a clock and a source of randomness.
  public init(clock: WallClock = .system, random: RandomSource = .system) {
    self.clock = clock
    self.random = random
  }

  /// A new id, greater than every id this generator made before.
  public func next() -> UUID {
    let tick = nextTick()
    return UUID(version7: tick >> 12, fraction: tick, random: random.next() >> 2)
  }

  /// Milliseconds in the upper 52 bits, 4096ths of a millisecond in the lower 12.
  private func nextTick() -> UInt64 {
    let microseconds = UInt64(max(0, clock.unixMicroseconds))
    let wanted = (microseconds / 1_000) << 12 | (microseconds % 1_000) * 4_096 / 1_000
    var seen = latest.load(ordering: .relaxed)
    while true {
      let tick = max(wanted, seen + 1)
      let (exchanged, original) = latest.compareExchange(expected: seen, desired: tick, ordering: .relaxed)
      if exchanged { return tick }
      seen = original
    }
  }
}
