import Foundation
import RPC
import TillSimulation

/// Sends calls again, once everything works, to learn what became of them.
struct CallReplay: Sendable {
  /// How a call ended.
  enum Outcome: Hashable, Sendable {
    case answered([UInt8])
    case refused
  }

  /// How long a call may go without an answer though everything works.
  private static let patience: Duration = .seconds(60)
  private static let timeout: Duration = .seconds(5)
  /// How many are under way at a time.
  private static let concurrency = 16

  /// The ways to the copies of loyalty.
  let copies: [any ClientChannel]

  /// Asks what became of calls, and enters it.
  ///
  /// Each is sent to every copy: behind what the copy may still have of it in line, so that a refusal is for good.
  ///
  /// - Returns: What is wrong.
  func conclude(_ calls: [LedgerCall], in books: inout ChaosBooks) async throws -> [String] {
    var findings: [String] = []
    for (call, result) in try await ask(calls) {
      switch result {
      case .success(.answered(let answer)): try books.note(call, answer: answer)
      case .success(.refused): books.noteRefusal(call)
      case .failure(let finding): findings.append(finding.description)
      }
    }
    return findings
  }

  /// Sends answered calls again.
  ///
  /// - Returns: What is wrong: every answer must come again, byte for byte.
  func check(_ answered: [ChaosBooks.Answered]) async throws -> [String] {
    let answers = Dictionary(answered.map { ($0.call.id, $0.answer) }) { first, _ in first }
    return try await ask(answered.map(\.call), everywhere: false).compactMap { call, result in
      let name = "\(call.method) \(call.id)"
      switch result {
      case .success(.answered(let again)):
        return again == answers[call.id] ? nil : "\(name) was answered, and is answered otherwise now"
      case .success(.refused): return "\(name) was answered, and is refused now"
      case .failure(let finding): return finding.description
      }
    }
  }

  private func ask(
    _ calls: [LedgerCall],
    everywhere: Bool = true
  ) async throws -> [(LedgerCall, Result<Outcome, LoadFinding>)] {
    let results = ReplayResults()
    try await concurrently(Array(calls.enumerated()), atOnce: Self.concurrency) { index, call in
      let first = copies[index % copies.count]
      do throws(LoadFinding) {
        let end = everywhere ? try await conclude(call) : try await outcome(of: call, at: first)
        await results.add(call, .success(end))
      } catch {
        await results.add(call, .failure(error))
      }
      try Task.checkCancellation()
    }
    return await results.all
  }

  private func conclude(_ call: LedgerCall) async throws(LoadFinding) -> Outcome {
    var outcomes: [Outcome] = []
    for copy in copies { outcomes.append(try await outcome(of: call, at: copy)) }
    // What was in line at a later copy may have been done after an earlier one refused: that one must know by now.
    if outcomes.first == .refused, outcomes.last != .refused {
      outcomes[0] = try await outcome(of: call, at: copies[0])
    }
    guard Set(outcomes).count == 1, let outcome = outcomes.first else {
      throw LoadFinding("\(call.method) \(call.id): the copies of loyalty do not agree on what became of it")
    }
    return outcome
  }

  /// Sends a call to a copy until it is answered or refused.
  private func outcome(of call: LedgerCall, at copy: any ClientChannel) async throws(LoadFinding) -> Outcome {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do {
        return .answered(try await call.send(over: copy, options: CallOptions(timeout: Self.timeout)))
      } catch {
        switch CallFailure(error) {
        case .refused: return .refused
        case .wrong(let answer): throw LoadFinding("\(call.method) \(call.id): \(answer)")
        case .unknown:
          guard ContinuousClock.now < deadline, !Task.isCancelled else {
            throw LoadFinding("\(call.method) \(call.id) has no answer, though everything works: \(error)")
          }
        }
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }
}

/// Outcomes as they come.
private actor ReplayResults {
  private(set) var all: [(LedgerCall, Result<CallReplay.Outcome, LoadFinding>)] = []

  func add(_ call: LedgerCall, _ result: Result<CallReplay.Outcome, LoadFinding>) {
    all.append((call, result))
  }
}
