extension FaultKind {
  /// A connection is cut while a batch is at one of its statements; one fault after the other goes through them all.
  static let cutAtBoundary: FaultKind = FaultKind(
    name: "cut-at-statement",
    summary: "the connection to PostgreSQL is cut between two statements of a batch, each place in turn",
    weight: 5
  ) { scene in
    try await scene.waitForAnswers()
    try await scene.strikeAtBoundary(.cut, on: scene.copy(), sweep: cutAtBoundary.name)
  }
}
