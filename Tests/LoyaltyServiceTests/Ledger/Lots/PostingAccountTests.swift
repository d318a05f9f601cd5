import Testing

@testable import LoyaltyService

@Suite("Accounts and types of postings (M2)")
struct PostingAccountTests {
  @Test("what is stored of an account never changes (M2)")
  func accounts() {
    let stored: [PostingAccount] = [
      .available, .issued, .redeemed, .pending, .held, .expired, .compensation, .storedValueFloat, .giftBonus,
      .transfer,
    ]
    #expect(stored.map(\.rawValue) == Array(1...10))
    #expect(stored == PostingAccount.allCases)
  }

  @Test("what is stored of a type never changes (M2)")
  func types() {
    let stored: [PostingType] = [
      .nothing, .earn, .redeem, .earnReversal, .redeemReversal, .expire, .pend, .activate, .cancel, .hold, .capture,
      .release,
      .adjust, .transferOut, .transferIn, .deposit, .withdraw,
    ]
    #expect(stored.map(\.rawValue) == Array(0...16))
    #expect(stored == PostingType.allCases)
  }

  @Test("a member has three accounts: what can be spent, what is pending, what is held (M2)")
  func members() {
    #expect(PostingAccount.allCases.filter(\.isMembers) == [.available, .pending, .held])
  }
}
