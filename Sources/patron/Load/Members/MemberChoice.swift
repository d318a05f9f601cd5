internal import ServiceKit

/// Who shops.
enum MemberChoice: Codable, Hashable, Sendable {
  /// Everybody alike.
  case uniform
  /// The k-th member in proportion to 1 / k^exponent.
  case zipf(exponent: Double)
  /// The first so many have this share of the sales, the others share the rest alike.
  case hot(count: Int, share: Double)

  /// In words.
  var text: String {
    switch self {
    case .uniform: "uniform"
    case .zipf(let exponent): "Zipf with the exponent \(Text.trimmed(exponent))"
    case .hot(let count, let share): "\(Text.count(count)) hot ones have \(Text.trimmed(share * 100))% of the sales"
    }
  }
}

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
