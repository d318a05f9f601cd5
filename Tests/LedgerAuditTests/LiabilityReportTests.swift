import Foundation
import Postgres
import Testing

@testable import LedgerAudit

@Suite("What is owed to members (M16)")
struct LiabilityReportTests {
  @Test("is reported by issuing store: of lots with one last day, the first issued are the first spent (M16)")
  func stores() async throws {
    try await AuditedLedger.with { ledger in
      let member = try await ledger.open()
      try await ledger.post(member, points: 300, store: "north")
      try await ledger.post(member, points: 200, store: "south")
      try await ledger.post(member, points: 0, redeeming: 400, store: "east")
      let asset = try #require(try await ledger.audit().liability.assets.first)
      #expect(asset.outstanding == 100)
      #expect(asset.byStore.map { $0.name } == ["south"])
      #expect(asset.byStore.map { $0.amount } == [100])
      #expect(asset.byMonth.map { $0.amount } == [100])
    }
  }

  @Test("counts held and pending points, and subtracts members' debts (M16)")
  func everything() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      let asset = try #require(try await ledger.audit().liability.assets.first)
      let sums = try await ledger.database.query(
        """
        SELECT sum(available)::bigint, sum(held)::bigint, sum(pending)::bigint,
          -sum(least(available, 0))::bigint FROM ledger_account WHERE asset = 1
        """
      )
      let (available, held, pending, debt) = try sums[0].decode(Int64.self, Int64.self, Int64.self, Int64.self)
      #expect(asset.available == available)
      #expect(asset.held == held)
      #expect(asset.pending == pending)
      #expect(asset.debt == debt)
      #expect(held > 0 && pending > 0 && debt > 0)
      #expect(asset.outstandingByLots == asset.outstanding)
      #expect(asset.byMonth.reduce(0) { $0 + $1.amount } == asset.outstanding + asset.debt)
      #expect(asset.byStore.reduce(0) { $0 + $1.amount } == asset.outstanding + asset.debt)
      #expect(asset.byMonth.count > 1)
      #expect(asset.byStore.last?.name == "none")
    }
  }

  @Test("is reported as of any instant, whatever happened since (M16)")
  func asOf() async throws {
    try await AuditedLedger.with { ledger in
      let member = try await ledger.open()
      try await ledger.post(member, points: 300, store: "north")
      let before = try await ledger.audit().liability
      let instant: Int64 = try await ledger.database.query("SELECT max(last_sequence) FROM lane")[0].decode(column: 0)
      try await ledger.post(member, points: 10, redeeming: 200, store: "south")
      let since = try await ledger.audit(asOf: instant)
      #expect(since.brokenRules == [])
      #expect(since.liability.lines == before.lines)
      #expect(since.liability.assets.first?.outstanding == 300)
      #expect(try await ledger.audit(asOf: 0).liability.assets.first?.outstanding == 0)
      #expect(try await ledger.audit().liability.assets.first?.outstanding == 110)
    }
  }

  @Test("adds up at every instant of a history of every operation (M16)")
  func everyInstant() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      let rows = try await ledger.database.query("SELECT DISTINCT sequence FROM ledger_entry ORDER BY sequence")
      let instants = try rows.map { try $0.decode(column: 0, as: Int64.self) }
      try await ledger.database.transaction(.readOnlySnapshot) { transaction in
        for instant in instants {
          let report = try await LiabilityReport(asOf: instant, in: transaction)
          #expect(report.outcomes(time: .zero).filter { !$0.holds }.isEmpty, "\(instant)")
          #expect(report.assets[0].lots.allSatisfy { $0.amount > 0 }, "\(instant)")
        }
      }
    }
  }

  @Test("is a table for people and JSON for programs")
  func text() async throws {
    let report = LiabilityReport(
      asOf: nil,
      assets: [
        LiabilityReport.Asset(
          asset: 1,
          code: "points",
          available: 1_200,
          held: 30,
          pending: 0,
          debt: 5,
          lots: [
            LiabilityReport.Lots(expiryMonth: "2027-03", store: "north", amount: 1_000),
            LiabilityReport.Lots(expiryMonth: "never", store: "north", amount: 200),
            LiabilityReport.Lots(expiryMonth: "never", store: nil, amount: 35),
          ]
        )
      ]
    )
    #expect(
      report.lines == [
        "points: 1,230 outstanding",
        "  1,200 can be spent, 30 are held, 0 are pending",
        "  5 are owed by members and in no lot",
        "  expires",
        "    2027-03  1,000",
        "    never      235",
        "  issued by",
        "    north      1,200",
        "    none          35",
      ]
    )
    let json = try AuditReport(accounts: 1, entries: 2, outcomes: report.outcomes(time: .zero), liability: report)
      .json()
    let document = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(document["verdict"] as? String == "clean")
    let rule = try #require((document["rules"] as? [[String: Any]])?.first)
    #expect(rule["name"] as? String == "liability.lots")
    #expect(rule["holds"] as? Bool == true)
  }
}
