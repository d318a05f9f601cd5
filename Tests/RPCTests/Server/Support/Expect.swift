import Testing

/// `#expect` for calls that change their value: `expect(state.begin(), is: .announce)`.
func expect<Value: Equatable>(
  _ actual: Value,
  is expected: Value,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual == expected, sourceLocation: sourceLocation)
}
