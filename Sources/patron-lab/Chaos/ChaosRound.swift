import Foundation

/// One fault: calls are under way, something breaks, everything is put right, what is unknown is asked again, and then the
/// ledger must be what the answers say.
struct ChaosRound: Sendable {
  /// How many answers from before are asked for again.
  private static let olderMaximum = 50

  let scene: FaultScene
  let replay: CallReplay

  /// Plays the round.
  ///
  /// - Returns: What came of it, and what is wrong.
  func play(_ kind: FaultKind, _ books: inout ChaosBooks) async throws -> (tally: ChaosTally, findings: [String]) {
    let surroundings = scene.surroundings
    let answeredBefore = books.answered.count
    try await scene.caller.start(seed: scene.seed())
    try await kind.strike(scene)
    try await surroundings.mend()
    try await scene.waitForAnswers()
    await scene.caller.stop()

    let records = try await scene.caller.takeRecords()
    var findings = try books.note(records)
    let unknown = Array(books.open.values)
    findings += try await replay.conclude(unknown, in: &books)
    let older = books.answered.prefix(answeredBefore)
    let chosen = (0..<min(Self.olderMaximum, older.count)).map { _ in older[scene.number(0...(older.count - 1))] }
    let again = books.answered.dropFirst(answeredBefore) + chosen
    findings += try await replay.check(Array(again))
    for copy in surroundings.copies {
      findings += copy.process.takeUnaskedEnds().map { "\(copy.process.name) \($0), and nobody had asked it to" }
    }
    let asked = records.filter { $0.event == .asked }.map(\.id)
    findings += try await surroundings.asAuditor { [books] database in
      try await LedgerComparison(books: books).findings(on: database, calls: asked)
    }
    let tally = ChaosTally(
      kind: kind.name,
      faults: 1,
      sent: asked.count,
      unknown: unknown.count,
      sentAgain: unknown.count + again.count,
      findings: findings.count
    )
    return (tally, findings)
  }
}
