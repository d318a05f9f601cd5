import Foundation

/// What the ledger must say, worked out from the answers alone.
struct ChaosBooks: Sendable {
  /// A call with its answer.
  struct Answered: Hashable, Sendable {
    var call: LedgerCall
    var answer: [UInt8]
  }

  /// Every call that was answered, in the order in which that was heard of.
  private(set) var answered: [Answered] = []
  /// Calls whose outcome nobody knows.
  private(set) var open: [UUID: LedgerCall] = [:]
  /// What members must have.
  private(set) var balances: [UUID: Int64] = [:]
  /// How many entries each answered call must have left.
  private(set) var entryCounts: [UUID: Int64] = [:]

  /// Takes note of what a caller wrote down.
  ///
  /// - Returns: What it found wrong.
  mutating func note(_ records: [JournalRecord]) throws -> [String] {
    var findings: [String] = []
    for record in records {
      switch record.event {
      case .asked:
        open[record.id] = LedgerCall(
          method: record.method,
          id: record.id,
          member: record.member,
          request: record.bytes
        )
      case .answered:
        if let call = open[record.id] { try note(call, answer: record.bytes) }
      case .refused:
        open[record.id] = nil
      case .wronged:
        findings.append("\(record.method) \(record.id): \(String(decoding: record.bytes, as: UTF8.self))")
      }
    }
    return findings
  }

  /// Takes note of an answer.
  mutating func note(_ call: LedgerCall, answer: [UInt8]) throws {
    let effect = try call.effect(of: answer)
    open[call.id] = nil
    answered.append(Answered(call: call, answer: answer))
    balances[call.member, default: 0] += effect.points
    entryCounts[call.id] = effect.entryCount
  }

  /// Takes note of a refusal that is for good.
  mutating func noteRefusal(_ call: LedgerCall) {
    open[call.id] = nil
  }
}
