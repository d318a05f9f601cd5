extension FaultKind {
  /// The caller dies at any moment; another one goes on.
  static let killCaller = FaultKind(
    name: "kill-caller",
    summary: "kill -9 of the caller, at any moment",
    weight: 2
  ) { scene in
    try await scene.waitForMoment()
    await scene.caller.kill()
    try await scene.caller.start(seed: scene.seed())
  }
}

extension FaultKind {
  /// One copy of loyalty, or both, die at any moment.
  static let killLoyalty = FaultKind(
    name: "kill-loyalty",
    summary: "kill -9 of one copy of loyalty, or of both, at any moment",
    weight: 3
  ) { scene in
    try await scene.waitForMoment()
    let copies = scene.copies()
    for copy in copies { copy.process.signal(9) }
    for copy in copies { await copy.process.waitForEnd() }
  }
}

extension FaultKind {
  /// PostgreSQL dies at any moment and recovers.
  static let killPostgres = FaultKind(
    name: "kill-postgres",
    summary: "kill -9 of PostgreSQL and all its sessions, at any moment",
    weight: 2
  ) { scene in
    try await scene.waitForMoment()
    try await scene.surroundings.postgres.crash()
  }
}

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
