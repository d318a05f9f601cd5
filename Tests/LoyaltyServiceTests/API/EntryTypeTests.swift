import LoyaltyProto
import Testing

@testable import LoyaltyService

@Suite("The contract's types of entries")
struct EntryTypeTests {
  @Test("are the ledger's types of postings, by number and by name")
  func postings() {
    let postings = PostingType.allCases.filter { $0 != .nothing }
    let entries = LoyaltyV1.EntryType.allKnownValues.filter { $0 != .unspecified }
    #expect(Set(postings.map { LoyaltyV1.EntryType($0) }) == Set(entries))
    for posting in postings {
      let words = "\(posting)".map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined()
      #expect(LoyaltyV1.EntryType(posting).name == "ENTRY_TYPE_" + words)
      #expect(PostingType(LoyaltyV1.EntryType(posting)) == posting)
    }
  }
}
