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
