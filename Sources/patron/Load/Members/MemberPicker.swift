/// Draws members.
struct MemberPicker: Sendable {
  private let count: Int
  private let choice: MemberChoice
  private let zipf: ZipfDistribution?

  /// - Parameter count: How many members there are.
  init(_ choice: MemberChoice, count: Int) {
    self.count = count
    self.choice = choice
    if case .zipf(let exponent) = choice {
      zipf = ZipfDistribution(count: count, exponent: exponent)
    } else {
      zipf = nil
    }
  }

  /// The number of a member, from 0.
  func next(using random: inout some RandomNumberGenerator) -> Int {
    switch choice {
    case .uniform:
      return Int.random(in: 0..<count, using: &random)
    case .zipf:
      return (zipf?.next(using: &random) ?? 1) - 1
    case .hot(let hot, let share):
      guard hot < count else { return Int.random(in: 0..<count, using: &random) }
      let isHot = Double.random(in: 0..<1, using: &random) < share
      return isHot ? Int.random(in: 0..<hot, using: &random) : Int.random(in: hot..<count, using: &random)
    }
  }
}
