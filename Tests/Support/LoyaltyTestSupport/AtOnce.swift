/// Runs `count` operations at once and returns the results in the order of their numbers.
public func atOnce<Result: Sendable>(
  _ count: Int,
  _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    for index in 0..<count {
      group.addTask { (index, try await body(index)) }
    }
    var results: [Int: Result] = [:]
    for try await (index, result) in group { results[index] = result }
    return (0..<count).compactMap { results[$0] }
  }
}
