import Foundation
import LoyaltyTestSupport
import SeededRandomness
import Testing

@testable import LedgerAudit
@testable import LocalSuite

@Suite("The audit of a ledger that is as it should be (M17)")
struct CleanLedgerTests {
  @Test("reports clean for a ledger with orders, reversals, holds, pending points, expiry, debts and transfers")
  func everything() async throws {
    let random = SeededRandom(seed: PropertySeed("the audit is clean").value)
    try await AuditedLedger.with { ledger in
      try await ledger.fill(random)
      try await Sealing.seal(ledger.database)
      let report = try await ledger.audit(chain: true)
      #expect(report.broken.map { "\($0.rule.name): \($0.firstFinding ?? "")" } == [], "\(random)")
      #expect(report.verdict == "clean")
      #expect(report.results.last == "RESULT audit.verdict=clean")
      #expect(report.entries > 80)
      #expect(report.accounts >= 8)
      #expect(report.root?.count == 64)
    }
  }

  @Test("reports clean for an empty ledger")
  func empty() async throws {
    try await AuditedLedger.with { ledger in
      let report = try await ledger.audit(chain: true)
      #expect(report.brokenRules == [])
      #expect(report.entries == 0)
      #expect(report.root == nil)
    }
  }

  @Test("reports clean again and again during postings and seals")
  func whileWritesRun() async throws {
    try await AuditedLedger.with { ledger in
      let members = try await withThrowingTaskGroup(of: UUID.self) { group in
        for _ in 0..<20 { group.addTask { try await ledger.open() } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let writing = Task {
        while !Task.isCancelled {
          try await withThrowingTaskGroup(of: Void.self) { group in
            for member in members { group.addTask { try await ledger.post(member, points: 3) } }
            try await group.waitForAll()
          }
          try await Sealing.seal(ledger.database)
        }
      }
      var entries: [Int64] = []
      for _ in 0..<5 {
        let report = try await ledger.audit(chain: true)
        #expect(report.broken.map { "\($0.rule.name): \($0.firstFinding ?? "")" } == [])
        entries.append(report.entries)
      }
      writing.cancel()
      _ = try? await writing.value
      #expect(entries == entries.sorted())
      #expect(entries.last ?? 0 > entries.first ?? 0, "nothing was written meanwhile")
    }
  }

  @Test("refuses a database that has no ledger")
  func noLedger() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.tamper("ALTER SCHEMA loyalty RENAME TO elsewhere;")
      await #expect(throws: SuiteError.self) { try await ledger.audit() }
    }
  }
}
