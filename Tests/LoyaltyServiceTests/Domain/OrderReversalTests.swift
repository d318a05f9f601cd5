import Testing

@testable import LoyaltyService

@Suite("M7 Taking a whole receipt back, as a pure rule")
struct OrderReversalTests {
  @Test("M7 takes what the order earned and returns what it redeemed")
  func undoes() throws {
    var account = try Account.holding(500)
    _ = try account.move(300, as: .redeem)
    _ = try account.move(7, as: .earn)
    let reversal = try OrderReversal(pointsEarned: 7, pointsRedeemed: 300, account: account)
    #expect(reversal.pointsTaken == 7)
    #expect(reversal.pointsReturned == 300)
    #expect(reversal.pointsShort == 0)
    #expect(reversal.account.balancePoints == 500)
    #expect(reversal.account.lifetimePointsEarned == 500)
    #expect(reversal.account.lifetimePointsRedeemed == 0)
  }

  @Test("M7 never takes more than the member has, and reports what is missing")
  func takesWithinBalance() throws {
    var account = try Account.holding(100)
    _ = try account.move(100, as: .redeem)
    let reversal = try OrderReversal(pointsEarned: 100, pointsRedeemed: 0, account: account)
    #expect(reversal.pointsTaken == 0)
    #expect(reversal.pointsShort == 100)
    #expect(reversal.entries.isEmpty)
  }

  @Test("M7 returned points count before earned points are taken")
  func returnsFirst() throws {
    var account = try Account.holding(300)
    _ = try account.move(300, as: .redeem)
    let reversal = try OrderReversal(pointsEarned: 7, pointsRedeemed: 300, account: account)
    #expect(reversal.pointsTaken == 7)
    #expect(reversal.account.balancePoints == 293)
    #expect(reversal.entries.map(\.type) == [.redeemReversal, .earnReversal])
  }

  @Test(
    "M2 every type of entry moves points between the member and one programme account",
    arguments: EntryType.allCases
  )
  func typesNameTheMember(type: EntryType) {
    #expect([type.from, type.to].contains(.member))
    #expect(type.from != type.to)
    #expect(type.counterAccount != .member)
    #expect(type.addsToMember == (type.to == .member))
  }
}
