import Basics
import Foundation
import LocalSuite
import ServiceKit
import TillSimulation

/// The whole of `patron-lab chaos`.
struct ChaosRun: Sendable {
  /// A few, so that calls and copies of loyalty are in each other's way.
  private static let memberCount = 6

  var faultCount: Int
  /// Decides which faults strike, where, and what is called meanwhile; the moments are the machine's.
  var seed: UInt64
  var kinds = FaultKind.all
  /// Whether the ledger's guard is taken out, which must be noticed.
  var removesGuard = false
  /// Where everything goes; it must not be there yet.
  var folder: String
  /// The folder of `loyalty` and of this command.
  var executables: String
  var stop = StopSignal()
  var terminal: Terminal

  /// Plays all faults, or up to the first finding. The folder is gone then, unless something was found.
  ///
  /// - Throws: `CancellationError` if it was asked to stop.
  func run() async throws -> ChaosReport {
    let surroundings: Surroundings
    do {
      surroundings = try await Surroundings(folder: folder, executables: executables, terminal: terminal)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
    // A task of its own: what is cancelled there is still cleaned up here.
    let faults = Task { try await play(surroundings) }
    let watch = Task { [stop] in
      if await stop.wait(until: \.isRequested) { faults.cancel() }
    }
    let result = await faults.result
    watch.cancel()
    let keeps: Bool
    switch result {
    case .success(let report): keeps = !report.findings.isEmpty
    case .failure(let error): keeps = !(error is CancellationError)
    }
    await surroundings.close(keeps: keeps)
    if keeps {
      tellWhatIsKept(surroundings.volume)
    } else {
      try? FileManager.default.removeItem(atPath: folder)
    }
    return try result.get()
  }

  private func tellWhatIsKept(_ volume: ScratchVolume) {
    let unmounting = volume.refusal == nil ? "umount \(volume.path); " : ""
    for line in [
      "The ledger, the journals and the logs are kept in \(folder). To look at them, to play the same faults again, and",
      "to remove them:",
      "  patron audit --chain --local \(volume.path)",
      "  patron-lab chaos --seed \(seed) --faults \(faultCount)\(removesGuard ? " --without-guard" : "")",
      "  \(unmounting)rm -r \(folder)",
    ] { terminal.write(line: line) }
  }

  private func play(_ surroundings: Surroundings) async throws -> ChaosReport {
    let startedAt = ContinuousClock.now
    let kinds = playable(on: surroundings.volume)
    terminal.write(line: "seed \(seed)")
    var random = RandomSource.seeded(seed)
    var deck = FaultDeck(kinds, using: &random)
    let members = (0..<Self.memberCount).map { _ in UUID(high: random.next(), low: random.next()) }
    let caller = try CallerProcess(
      executable: "\(executables)/patron-lab",
      folder: "\(folder)/journals",
      members: members,
      targets: surroundings.copies.map(\.target),
      console: surroundings.console
    )
    let scene = FaultScene(surroundings, caller: caller, random: random)
    let round = ChaosRound(scene: scene, replay: CallReplay(copies: surroundings.copies.map(\.channel)))
    var board = ChaosBoard(kinds, faultCount: faultCount, terminal: terminal)
    var books = ChaosBooks()
    var findings: [String] = []
    do {
      try await surroundings.start()
      findings += try await open(members, round.replay, &books)
      if removesGuard { try await surroundings.asOwner(LedgerGuard.remove) }
      for _ in 0..<faultCount where findings.isEmpty {
        let began = ContinuousClock.now
        let played = try await round.play(deck.draw(using: &random), &books)
        findings += played.findings
        board.add(played.tally, time: ContinuousClock.now - began)
      }
      if findings.isEmpty { findings += try await conclude(surroundings, round.replay, books) }
    } catch {
      await caller.kill()
      throw error
    }
    return ChaosReport(
      seed: seed,
      tallies: board.tallies,
      placeCounts: scene.placeCounts,
      findings: findings,
      elapsed: ContinuousClock.now - startedAt
    )
  }

  /// The kinds that can be played here.
  private func playable(on volume: ScratchVolume) -> [FaultKind] {
    guard let refusal = volume.refusal, kinds.contains(where: { $0.name == FaultKind.diskFull.name }) else {
      return kinds
    }
    terminal.write(line: "No \(FaultKind.diskFull.name): a file system of its own can't be mounted here (\(refusal)).")
    return kinds.filter { $0.name != FaultKind.diskFull.name }
  }

  /// Opens the members' accounts and gives them points.
  private func open(_ members: [UUID], _ replay: CallReplay, _ books: inout ChaosBooks) async throws -> [String] {
    let drafts = CallDrafts(members: members)
    var findings: [String] = []
    for member in members {
      for call in try drafts.opening(member) { findings += try await replay.conclude([call], in: &books) }
    }
    return findings
  }

  /// After the last fault: every answer there ever was must come again, and all entries and seals must be right.
  private func conclude(
    _ surroundings: Surroundings,
    _ replay: CallReplay,
    _ books: ChaosBooks
  ) async throws -> [String] {
    terminal.write(line: "Asking for all \(Text.count(books.answered.count)) answers once more …")
    let findings = try await replay.check(books.answered)
    return try await surroundings.asAuditor { database in
      let comparison = LedgerComparison(books: books, checksChain: true)
      return findings + (try await comparison.findings(on: database, calls: books.answered.map(\.call.id)))
    }
  }
}
