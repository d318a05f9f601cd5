import Foundation
import Testing

@testable import MembersService

@Suite("News of the ledger")
struct LedgerNewsTests {
  private let member = UUID()
  private let time = Date(timeIntervalSince1970: 1_700_000_000)

  private func purchase(_ order: UUID, reversedAt: Date? = nil) -> Purchase {
    Purchase(
      memberID: member,
      orderID: order,
      storeID: "S1",
      receiptNumber: order.uuidString,
      purchasedAt: time,
      currencyCode: "CNY",
      grossMinorUnits: 100,
      paidMinorUnits: 100,
      pointsEarned: 1,
      pointsRedeemed: 0,
      lines: [],
      reversedAt: reversedAt
    )
  }

  @Test("has each receipt once, however often its event comes")
  func tellsEachOnce() {
    let (first, second) = (UUID(), UUID())
    let news = LedgerNews([.posted(purchase(first)), .posted(purchase(second)), .posted(purchase(first))])
    #expect(news.purchases.map(\.orderID) == [first, second])
    #expect(news.reversals.isEmpty)
  }

  @Test("has both the posting and the reversal of a reversed receipt")
  func tellsBoth() {
    let order = UUID()
    let reversed = purchase(order, reversedAt: time)
    let news = LedgerNews([.posted(purchase(order)), .reversed(reversed), .reversed(reversed)])
    #expect(news.purchases == [purchase(order)])
    #expect(news.reversals == [LedgerNews.Reversal(memberID: member, orderID: order, reversedAt: time)])
  }

  @Test("has the posted receipt of a reversal alone")
  func tellsTheReceiptOfAReversal() {
    let order = UUID()
    let news = LedgerNews([.reversed(purchase(order, reversedAt: time))])
    #expect(news.purchases == [purchase(order)])
    #expect(news.reversals.count == 1)
  }

  @Test("has each return once, with the posted receipt")
  func tellsReturns() {
    let order = UUID()
    let goods = (0..<2).map { number in
      PurchaseReturn(
        memberID: member,
        orderID: order,
        returnID: UUID(),
        minorUnits: 50,
        lines: [],
        returnedAt: time.addingTimeInterval(Double(number))
      )
    }
    let news = LedgerNews([1, 0, 1].map { .returned(purchase(order), goods[$0]) } + [.posted(purchase(order))])
    #expect(news.purchases == [purchase(order)])
    #expect(news.returns == [goods[1], goods[0]])
    #expect(news.reversals.isEmpty)
  }
}
