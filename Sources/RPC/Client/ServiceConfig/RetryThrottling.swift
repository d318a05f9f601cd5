/// When the failures of a channel are so many that none of its calls is repeated (gRFC A6, "Throttling").
///
/// A count starts at its maximum. Every failure that a policy would repeat takes one away, every success adds a part of
/// one. While it is at most half of the maximum nothing is repeated.
public struct RetryThrottling: Sendable, Hashable {
  /// The highest count, 1 to 1000.
  public var maxTokens: Int
  /// What a success adds, above zero; digits after the third decimal place are ignored.
  public var tokenRatio: Double

  /// Makes a rule.
  public init(maxTokens: Int, tokenRatio: Double) {
    self.maxTokens = maxTokens
    self.tokenRatio = tokenRatio
  }
}
