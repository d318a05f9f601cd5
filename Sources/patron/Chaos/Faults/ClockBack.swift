extension FaultKind {
  /// The clock of one copy, or of both, steps back an hour, and forward again.
  static let clockBack = FaultKind(
    name: "clock-back",
    summary: "the clock of one copy of loyalty, or of both, steps back an hour and forward again",
    weight: 2
  ) { scene in
    try await scene.waitForAnswers()
    let copies = scene.copies()
    for copy in copies {
      await copy.process.kill()
      try await copy.start(clockBehind: .seconds(3_600))
    }
    for copy in copies { try await copy.ensureRunning() }
    try await scene.waitForAnswers()
    // They start again with the right time.
    for copy in copies { await copy.process.kill() }
  }
}
