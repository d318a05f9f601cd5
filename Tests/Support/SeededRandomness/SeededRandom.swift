/// Random numbers determined by a seed, which a failing test prints (Steele, Lea and Flood's SplitMix64).
public struct SeededRandom: RandomNumberGenerator, CustomStringConvertible, Sendable {
  private let seed: UInt64
  private var state: UInt64

  /// Makes the same numbers for the same seed everywhere.
  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  public var description: String { "seed \(seed)" }

  /// Twenty constant seeds, and a new one each time.
  public static var several: [SeededRandom] {
    (1...20).map { SeededRandom(seed: $0) } + [SeededRandom(seed: .random(in: 1_000..<1_000_000))]
  }
}
