internal import Postgres

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
