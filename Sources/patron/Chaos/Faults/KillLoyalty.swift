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
