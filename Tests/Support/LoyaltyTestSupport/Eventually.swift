public import Testing

/// Asks again and again until a condition holds; records an issue when it has not after 30 s, long enough for a machine
/// that is busy with something else.
public func eventually(
  _ comment: Comment,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + .seconds(30)
  while ContinuousClock.now < end {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(2))
  }
  Issue.record(comment, sourceLocation: sourceLocation)
}
