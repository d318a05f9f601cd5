import Testing

/// Expects the result of a mutating call: `expect(state.begin(), is: .announce)`.
func expect<Value: Equatable>(
  _ actual: Value,
  is expected: Value,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual == expected, sourceLocation: sourceLocation)
}
