internal import Synchronization

/// Random numbers for naming spans: fast, shared by all threads without a lock, not for secrets. It is SplitMix64 over
/// a counter, so no two draws of one generator are the same.
final class SpanRandom: Sendable {
  private let state: Atomic<UInt64>

  init(seed: UInt64) { state = Atomic(seed) }

  func next() -> UInt64 {
    var value = state.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// A view that the standard library's algorithms can draw from.
  struct Generator: RandomNumberGenerator {
    let source: SpanRandom

    mutating func next() -> UInt64 { source.next() }
  }

  var generator: Generator { Generator(source: self) }
}
