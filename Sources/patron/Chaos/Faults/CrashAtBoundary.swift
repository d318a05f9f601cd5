extension FaultKind {
  /// PostgreSQL dies while a batch is at one of its statements; one fault after the other goes through them all.
  static let crashAtBoundary: FaultKind = FaultKind(
    name: "crash-at-statement",
    summary: "kill -9 of PostgreSQL between two statements of a batch, each place in turn",
    weight: 5
  ) { scene in
    try await scene.waitForAnswers()
    let copy = scene.copy()
    try await scene.strikeAtBoundary(.hold, on: copy, sweep: crashAtBoundary.name)
    try await scene.surroundings.postgres.crash()
    copy.proxy.release()
  }
}
