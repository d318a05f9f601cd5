import Testing

@testable import LoyaltyService

@Suite("M2 Accounts and types of postings")
struct PostingAccountTests {
  @Test("M2 what the store keeps of an account never changes")
  func accounts() {
    let stored: [PostingAccount] = [
      .available, .issued, .redeemed, .pending, .held, .expired, .compensation, .storedValueFloat, .giftBonus,
      .transfer,
    ]
    #expect(stored.map(\.rawValue) == Array(1...10))
    #expect(stored == PostingAccount.allCases)
  }

  @Test("M2 what the store keeps of a type never changes")
  func types() {
    let stored: [PostingType] = [
      .nothing, .earn, .redeem, .earnReversal, .redeemReversal, .expire, .pend, .activate, .cancel, .hold, .capture,
      .release,
      .adjust, .transferOut, .transferIn, .deposit, .withdraw,
    ]
    #expect(stored.map(\.rawValue) == Array(0...16))
    #expect(stored == PostingType.allCases)
  }

  @Test("M2 a member has three accounts: what can be spent, what is pending, what is held")
  func members() {
    #expect(PostingAccount.allCases.filter(\.isMembers) == [.available, .pending, .held])
  }
}
