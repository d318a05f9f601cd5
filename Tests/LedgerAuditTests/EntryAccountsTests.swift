import Postgres
import Testing

@testable import LedgerAudit
@testable import LoyaltyService

@Suite("The accounts of an entry")
struct EntryAccountsTests {
  @Test("are in the audit's rule for every type of posting", arguments: PostingType.allCases)
  func types(type: PostingType) {
    #expect(AuditCheck.accountsFitType.text.contains("WHEN \(type.rawValue) THEN"))
  }
}
