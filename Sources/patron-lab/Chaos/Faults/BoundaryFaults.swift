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

extension FaultKind {
  /// A connection is cut while PostgreSQL commits: when it has been asked to, or when it is done and says so.
  static let cutDuringCommit = FaultKind(
    name: "cut-during-commit",
    summary: "the connection is cut while a batch commits, before its outcome is reported",
    weight: 3
  ) { scene in
    try await scene.waitForAnswers()
    // The writing part is one statement. What follows it is the Sync that commits; its answer comes after that.
    let isAsked = scene.coin()
    let place = BatchPlace(part: .writing, direction: isAsked ? .toServer : .toClient, index: isAsked ? 1 : 0)
    _ = try await scene.copy().proxy.strike(BoundaryFault(place: place, act: isAsked ? .passThenCut : .cut))
  }
}

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
