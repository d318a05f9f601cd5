extension FaultKind {
  /// A copy of loyalty dies while a batch is at one of its statements; one fault after the other goes through them all.
  static let killAtBoundary: FaultKind = FaultKind(
    name: "kill-at-statement",
    summary: "kill -9 of loyalty between two statements of a batch, each place in turn",
    weight: 5
  ) { scene in
    try await scene.waitForAnswers()
    let copy = scene.copy()
    try await scene.strikeAtBoundary(.hold, on: copy, sweep: killAtBoundary.name)
    await copy.process.kill()
    copy.proxy.release()
  }
}
