public import Testing

/// Polls until a condition holds. Records an issue when it does not within 30 s, long enough for a busy machine.
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
