import PatronAPI
import Postgres
import ServiceKit
import Testing

@testable import patron

@Suite("The members of the points benchmark")
struct PointsMembersTests {
  @Test("are in a ledger as the service would have written it")
  func clean() async throws {
    try await AuditedLedger.with { ledger in
      let members = PointsMembers(count: 100)
      try await members.fill(ledger.database) { _ in }
      #expect(try await ledger.audit().brokenRules == [])
      #expect(try await points(of: members, ledger) == PointsMembers.openingPoints)
    }
  }

  @Test("have a lot that is gone once its last day is over, if they are given one")
  func expiring() async throws {
    try await AuditedLedger.with { ledger in
      let members = PointsMembers(count: 100, lastDay: 20_000)
      try await members.fill(ledger.database) { _ in }
      let entries = try await ledger.database.query(
        "SELECT count(*) FROM ledger_entry WHERE lots = ARRAY[20000, 100000, 2147483647, 100000]::bigint[]"
      )
      #expect(try entries[0].decode(column: 0, as: Int64.self) == 100)
      #expect(try await ledger.audit().brokenRules == [])
      // That day was in 2024.
      #expect(try await points(of: members, ledger) == PointsMembers.openingPoints)
    }
  }

  private func points(of members: PointsMembers, _ ledger: AuditedLedger) async throws -> Int64? {
    try await ledger.client.getBalance(.init(memberID: members.id(7).text)).balance?.points
  }
}
