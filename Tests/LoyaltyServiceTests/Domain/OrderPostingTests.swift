import Foundation
import LoyaltyTestSupport
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("L1 Posting a receipt, as a pure rule")
struct OrderPostingTests {
  let programme = Programme.sample

  private func receipt(_ lines: Int64..., redeem: Int64 = 0) -> ReceiptDraft {
    ReceiptDraft(
      lines: lines.map { .init(currencyCode: "CNY", minorUnits: $0) },
      couponDiscounts: [],
      pointsToRedeem: redeem
    )
  }

  @Test("L1 earns on what is paid, not on what points paid")
  func earnsOnPayable() throws {
    let account = try Account.holding(500)
    let posting = try OrderPosting(receipt: receipt(1_000, redeem: 300), programme: programme, account: account)
    #expect(posting.pointsEarned == 7)
    #expect(posting.pointsRedeemed == 300)
    #expect(posting.account.balancePoints == 207)
  }

  @Test("M2 writes the redemption before the earning, numbered without gaps")
  func ordersEntries() throws {
    let account = try Account.holding(500)
    let posting = try OrderPosting(receipt: receipt(1_000, redeem: 300), programme: programme, account: account)
    #expect(
      posting.entries == [
        LedgerEntry(number: 2, type: .redeem, points: 300, balancePoints: 200),
        LedgerEntry(number: 3, type: .earn, points: 7, balancePoints: 207),
      ]
    )
  }

  @Test("L1 a receipt that earns and redeems nothing makes no entry")
  func makesNoEmptyEntries() throws {
    let posting = try OrderPosting(receipt: receipt(99), programme: programme, account: Account())
    #expect(posting.entries.isEmpty)
    #expect(posting.account == Account())
  }

  @Test("M19 refuses to overdraw, and says what is there and what is needed")
  func neverOverdraws() throws {
    let account = try Account.holding(299)
    #expect(throws: PostingRefusal.insufficientPoints(balance: 299, needed: 300)) {
      try OrderPosting(receipt: receipt(100_000, redeem: 300), programme: programme, account: account)
    }
  }

  @Test("M1 refuses another currency, and says which field")
  func refusesOtherCurrencies() {
    var draft = receipt(100, 200)
    draft.lines[1].currencyCode = "USD"
    #expect(
      throws: PostingRefusal.currencyMismatch(
        field: "lines[1].amount.currency_code",
        programme: "CNY",
        given: "USD"
      )
    ) {
      try OrderPosting(receipt: draft, programme: programme, account: Account())
    }
  }

  @Test("M1 refuses a balance that does not fit")
  func refusesBalanceOverflow() throws {
    let account = try Account.holding(.max - 1)
    #expect(throws: PostingRefusal.tooLarge(.balance)) {
      try OrderPosting(receipt: receipt(200), programme: programme, account: account)
    }
  }

  @Test("M2 property: any history of sales and refunds keeps the account adding up to its entries, never below zero")
  func historiesAddUp() throws {
    let seed = PropertySeed("ledger histories")
    var random = seed.random
    for _ in 0..<200 {
      var account = Account()
      var entries: [LedgerEntry] = []
      var posted: [OrderPosting] = []
      for _ in 0..<60 {
        if let order = posted.popLast(), Bool.random(using: &random) {
          let reversal = try OrderReversal(
            pointsEarned: order.pointsEarned,
            pointsRedeemed: order.pointsRedeemed,
            account: account
          )
          #expect(reversal.pointsTaken + reversal.pointsShort == order.pointsEarned, "\(seed)")
          entries += reversal.entries
          account = reversal.account
        } else {
          let draft = receipt(
            .random(in: 0...50_000, using: &random),
            redeem: 100 * .random(in: 0...4, using: &random)
          )
          guard let order = try? OrderPosting(receipt: draft, programme: programme, account: account) else { continue }
          entries += order.entries
          account = order.account
          posted.append(order)
        }
        #expect(account.balancePoints == entries.reduce(0) { $0 + $1.memberPoints }, "\(seed)")
        #expect(account.balancePoints >= 0, "\(seed)")
        #expect(
          account.balancePoints == account.lifetimePointsEarned - account.lifetimePointsRedeemed,
          "\(seed)"
        )
      }
      #expect(entries.map(\.number) == entries.indices.map { Int64($0 + 1) }, "\(seed)")
    }
  }
}
