/// The greatest weight of a page. A page of many long records ends early instead of exceeding the message size that
/// clients accept. The next page continues after it.
public struct PageBudget: Sendable, Hashable {
  /// The greatest total weight of a page's records, in the unit of their weights.
  public let maximum: Int

  /// Makes a budget of `maximum`.
  public init(maximum: Int) {
    self.maximum = maximum
  }

  /// Returns how many of the leading records fit. Always at least one, so that a list ends.
  public func count(of weights: some Sequence<Int>) -> Int {
    var total = 0
    var count = 0
    for weight in weights {
      let (sum, overflow) = total.addingReportingOverflow(weight)
      if count > 0, overflow || sum > maximum { return count }
      total = overflow ? .max : sum
      count += 1
    }
    return count
  }
}
