/// How much a page may weigh. A page of many long records ends early rather than grow into an answer that no client
/// accepts; the next page goes on where it ended.
struct PageBudget: Sendable, Hashable {
  /// The most that the records of a page weigh together, in whatever unit their weights are told.
  let maximum: Int

  /// How many of the leading records fit. Always at least one, so that a list comes to its end.
  func count(of weights: some Sequence<Int>) -> Int {
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
