extension FaultKind {
  /// A connection is cut while PostgreSQL commits: when it has been asked to, or when it is done and says so.
  static let cutDuringCommit = FaultKind(
    name: "cut-during-commit",
    summary: "the connection is cut while a batch commits, before its outcome is told",
    weight: 3
  ) { scene in
    try await scene.waitForAnswers()
    // The writing part is one statement. What follows it is the Sync that commits; its answer comes after that.
    let isAsked = scene.coin()
    let place = BatchPlace(part: .writing, direction: isAsked ? .toServer : .toClient, index: isAsked ? 1 : 0)
    _ = try await scene.copy().proxy.strike(BoundaryFault(place: place, act: isAsked ? .passThenCut : .cut))
  }
}
