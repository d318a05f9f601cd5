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
