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
