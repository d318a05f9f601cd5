/// One of several processes that share a load.
struct ProcessShare: Codable, Hashable, Sendable {
  /// From 0.
  var index = 0
  var count = 1

  /// How many of `total` things are this process's.
  func part(of total: Int) -> Int {
    (index + 1) * total / count - index * total / count
  }
}
