import LocalSuite
import Postgres

extension FaultKind {
  /// PostgreSQL has no room left for a while: in its tables, or in its log, which ends it.
  static let diskFull = FaultKind(
    name: "disk-full",
    summary: "PostgreSQL's disk is full for a while, its log's next file included or not",
    weight: 2
  ) { scene in
    try await scene.waitForAnswers()
    let surroundings = scene.surroundings
    let before = surroundings.copies.map { $0.proxy.refusals(diskFullState) }
    let needsLogFile = scene.coin()
    try surroundings.volume.fill()
    // The next file of the log has to be made now.
    if needsLogFile { _ = try? await surroundings.asOwner { try await $0.query("SELECT pg_switch_wal()") } }
    let deadline = ContinuousClock.now + fullMaximum
    while ContinuousClock.now < deadline, surroundings.postgres.isRunning,
      surroundings.copies.map({ $0.proxy.refusals(diskFullState) }) == before
    {
      try await Task.sleep(for: .milliseconds(5))
    }
    surroundings.volume.free()
  }

  private static let diskFullState = "53100"
  /// What little is left on the pages that are there lasts longer at times.
  private static let fullMaximum: Duration = .seconds(3)
}

extension FaultKind {
  /// Another session holds a lane's row until a batch's statement has run out of time.
  static let statementTimeout = FaultKind(
    name: "statement-timeout",
    summary: "another session holds the rows of the lanes until statements run out of time",
    weight: 2
  ) { scene in
    try await scene.waitForAnswers()
    let copies = scene.surroundings.copies
    let before = copies.map { $0.proxy.refusals(cancelledState) }
    try await scene.surroundings.asOwner { database in
      try await database.transaction { transaction in
        _ = try await transaction.query("SELECT lane FROM loyalty.lane ORDER BY lane FOR UPDATE")
        let deadline = ContinuousClock.now + patience
        while copies.map({ $0.proxy.refusals(cancelledState) }) == before {
          guard ContinuousClock.now < deadline else { throw SuiteError("No statement ran out of time.") }
          try await Task.sleep(for: .milliseconds(5))
        }
      }
    }
  }

  private static let cancelledState = "57014"
  /// How long a statement may take to run out of time.
  private static let patience: Duration = .seconds(20)
}
