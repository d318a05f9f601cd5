import Basics
import Foundation
import ServiceKit
import Testing

@testable import TillSimulation

@Suite("A load's answers compared with the ledger")
struct LedgerFindingsTests {
  private let ids = UUIDv7Generator()

  private func told(_ balanceChange: Int64, _ kind: AcknowledgedMutation.Kind = .order) -> AcknowledgedMutation {
    let id = ids.next()
    return AcknowledgedMutation(kind: kind, requestID: id, orderID: id, memberNumber: 1, balanceChange: balanceChange)
  }

  /// Makes a ledger with each reported change once.
  private func ledger(of told: [AcknowledgedMutation]) -> [UUID: LedgerFindings.Recorded] {
    Dictionary(uniqueKeysWithValues: told.map { ($0.requestID, .init(count: 1, balanceChange: $0.balanceChange)) })
  }

  @Test("a ledger with every answer once has no findings, even without answers")
  func clean() {
    let told = [told(5), told(-3, .reversal), told(-1_234, .storedValue), told(0)]
    #expect(LedgerFindings.of(told, recorded: ledger(of: told)) == [])
    #expect(LedgerFindings.of([], recorded: [:]) == [])
  }

  @Test("missing, duplicate and different entries are distinguished by request id")
  func findings() {
    let told = (0..<4).map { self.told($0) }
    var recorded = ledger(of: told)
    recorded[told[0].requestID] = nil
    recorded[told[1].requestID]?.count = 2
    recorded[told[2].requestID]?.balanceChange += 1
    #expect(
      LedgerFindings.of(told, recorded: recorded) == [
        "1 of 4 sampled acknowledged changes are not in the ledger: \(told[0].requestID.text)",
        "1 of 4 sampled acknowledged changes are in the ledger more than once: \(told[1].requestID.text)",
        "1 of 4 sampled acknowledged changes changed the balance otherwise than was answered: \(told[2].requestID.text)",
      ]
    )
  }

  @Test("where all are missing, three are named, and that it may be the wrong ledger")
  func wrongLedger() {
    let told = (0..<5).map { self.told($0) }
    let findings = LedgerFindings.of(told, recorded: [:])
    #expect(findings.count == 1)
    #expect(findings[0].contains("5 of 5"))
    #expect(findings[0].contains("\(told[2].requestID.text) … (all of them: is this the ledger"))
    #expect(!findings[0].contains(told[3].requestID.text))
  }
}
