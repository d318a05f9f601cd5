import Testing

/// Records an issue unless the server ends the attacker's connection with ENHANCE_YOUR_CALM.
func expectCutOff(
  _ attacker: Attacker,
  reason: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  try attacker.readToEnd()
  let expected = Attacker.GoAway(code: Attacker.GoAway.enhanceYourCalm, text: reason)
  #expect(attacker.goAway == expected, sourceLocation: sourceLocation)
}
