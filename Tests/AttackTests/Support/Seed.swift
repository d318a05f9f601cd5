import Testing

/// Random numbers that come again with the same seed, which a failing test names.
struct Seed: RandomNumberGenerator, CustomTestStringConvertible, Sendable {
  private var state: UInt64
  let testDescription: String

  init(_ number: UInt64) {
    state = number
    testDescription = "seed \(number)"
  }

  /// Some fixed ones, and a new one.
  static var several: [Seed] { [Seed(1), Seed(2), Seed(UInt64.random(in: 1_000..<1_000_000))] }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
