import Basics
import Foundation
import RPC
import ServiceKit
import Synchronization
import TillSimulation

/// A till that keeps calling both copies of loyalty, repeats what it is not sure of, and repeats some of what it is sure
/// of, at the other copy, at the same time or later.
final class Caller: Sendable {
  /// How long an answer may take.
  private static let timeout: Duration = .seconds(2)
  /// How often a call is sent before it is left to whoever reads the journal.
  private static let attemptsMaximum = 4
  /// How many posted orders are kept to be taken back.
  private static let returnableMaximum = 64

  private let plan: CallerPlan
  private let channels: [any ClientChannel]
  private let stop: StopSignal
  private let journal: CallerJournal
  private let drafts: CallDrafts
  private let random: RandomSource
  private let returnable = Mutex<[LedgerCall]>([])

  /// - Parameter channels: The ways to the copies.
  init(_ plan: CallerPlan, channels: [any ClientChannel], stop: StopSignal) throws {
    self.plan = plan
    self.channels = channels
    self.stop = stop
    journal = try CallerJournal(plan.journal)
    drafts = CallDrafts(members: plan.members)
    random = RandomSource.seeded(plan.seed)
  }

  /// Calls until it is asked to stop.
  func run() async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 0..<plan.concurrency {
        group.addTask {
          while !self.stop.isRequested { try await self.makeCall() }
        }
      }
    }
  }

  private func makeCall() async throws {
    var random = random
    let call = try drafts.next(returnable: returnable.withLock { $0 }, using: &random)
    try journal.write(JournalRecord(.asked, call, call.request))
    let first = Int.random(in: 0..<channels.count, using: &random)
    let isDoubled = Int.random(in: 0..<8, using: &random) == 0
    let answer = isDoubled ? try await doubled(call) : try await patiently(call, first: first)
    guard let answer else { return }
    try journal.write(JournalRecord(.answered, call, answer))
    if call.method == .postOrder {
      returnable.withLock { calls in
        calls.append(call)
        if calls.count > Self.returnableMaximum { calls.removeFirst() }
      }
    }
    let other = channels[(first + 1) % channels.count]
    if Int.random(in: 0..<5, using: &random) == 0 { try await check(call, answer, at: other) }
  }

  /// Sends a call until it is answered or refused.
  ///
  /// - Returns: The answer, if there is one. A refusal after a try that may yet be done is none.
  private func patiently(_ call: LedgerCall, first: Int) async throws -> [UInt8]? {
    var random = random
    for attempt in 0..<Self.attemptsMaximum {
      do {
        return try await send(call, to: channels[(first + attempt) % channels.count])
      } catch {
        switch CallFailure(error) {
        case .unknown: break
        case .refused(let reason):
          if attempt == 0 { try journal.write(JournalRecord(.refused, call, Array(reason.utf8))) }
          return nil
        case .wrong(let finding):
          try journal.write(JournalRecord(.wronged, call, Array(finding.utf8)))
          return nil
        }
      }
      if stop.isRequested { return nil }
      try await Task.sleep(for: .milliseconds(.random(in: 5...40, using: &random)))
    }
    return nil
  }

  /// Sends a call to all copies at the same moment.
  private func doubled(_ call: LedgerCall) async throws -> [UInt8]? {
    let results = await withTaskGroup(of: Result<[UInt8], any Error>.self) { group in
      for channel in channels {
        group.addTask {
          do { return .success(try await self.send(call, to: channel)) } catch { return .failure(error) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let answers = Set(results.compactMap { try? $0.get() })
    if answers.count > 1 { try journal.write(JournalRecord(.wronged, call, Array("it has two answers".utf8))) }
    for case .failure(let error) in results {
      if case .wrong(let finding) = CallFailure(error) {
        try journal.write(JournalRecord(.wronged, call, Array(finding.utf8)))
      }
    }
    return answers.first
  }

  /// Sends a call once more that was answered.
  private func check(_ call: LedgerCall, _ answer: [UInt8], at channel: any ClientChannel) async throws {
    do {
      let again = try await send(call, to: channel)
      if again != answer { try journal.write(JournalRecord(.wronged, call, Array("another answer".utf8))) }
    } catch {
      switch CallFailure(error) {
      case .unknown: break
      case .refused(let finding), .wrong(let finding):
        try journal.write(JournalRecord(.wronged, call, Array("answered, then refused: \(finding)".utf8)))
      }
    }
  }

  private func send(_ call: LedgerCall, to channel: any ClientChannel) async throws -> [UInt8] {
    try await call.send(over: channel, options: CallOptions(timeout: Self.timeout))
  }
}
