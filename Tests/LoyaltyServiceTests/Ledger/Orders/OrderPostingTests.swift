import Basics
import Foundation
import LoyaltyTestSupport
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Posting a receipt, as a pure rule (L1)")
struct OrderPostingTests {
  let programme = Programme.sample

  private func receipt(_ lines: Int64..., redeem: Int64 = 0) -> ReceiptDraft {
    ReceiptDraft(
      lines: lines.map { .init(currencyCode: "CNY", minorUnits: $0) },
      couponDiscounts: [],
      pointsToRedeem: redeem
    )
  }

  @Test("earns on what is paid, not on what points paid (L1)")
  func earnsOnPayable() throws {
    let holding = try Holding.earned(500)
    let posting = try OrderPosting(
      receipt: receipt(1_000, redeem: 300),
      id: UUID(),
      programme: programme,
      holding: holding,
      at: .sample
    )
    #expect(posting.pointsEarned == 7)
    #expect(posting.pointsRedeemed == 300)
    #expect(posting.holding.available == 207)
  }

  @Test("writes the redemption before the earning (M2)")
  func ordersEntries() throws {
    let holding = try Holding.earned(500)
    let posting = try OrderPosting(
      receipt: receipt(1_000, redeem: 300),
      id: UUID(),
      programme: programme,
      holding: holding,
      at: .sample
    )
    #expect(
      posting.postings == [
        Posting(
          type: .redeem,
          from: .available,
          to: .redeemed,
          amount: 300,
          available: 200,
          lots: [Lot(expiresOn: .never, amount: 300)]
        ),
        Posting(
          type: .earn,
          from: .issued,
          to: .available,
          amount: 7,
          available: 207,
          lots: [Lot(expiresOn: .never, amount: 7)]
        ),
      ]
    )
  }

  @Test("a receipt that earns and redeems nothing makes no entry (L1)")
  func makesNoEmptyEntries() throws {
    let posting = try OrderPosting(receipt: receipt(99), id: UUID(), programme: programme, holding: .empty, at: .sample)
    #expect(posting.postings.isEmpty)
    #expect(posting.holding == .empty)
  }

  @Test("refuses to overdraw, and says what is there and what is needed (M19)")
  func neverOverdraws() throws {
    let holding = try Holding.earned(299)
    #expect(throws: LedgerRefusal.insufficient(available: 299, needed: 300)) {
      try OrderPosting(
        receipt: receipt(100_000, redeem: 300),
        id: UUID(),
        programme: programme,
        holding: holding,
        at: .sample
      )
    }
  }

  @Test("refuses another currency, and says which field (M1)")
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
      try OrderPosting(receipt: draft, id: UUID(), programme: programme, holding: .empty, at: .sample)
    }
  }

  @Test("refuses a balance that does not fit (M1)")
  func refusesBalanceOverflow() throws {
    let holding = try Holding.earned(.max - 1)
    #expect(throws: LedgerRefusal.tooLarge) {
      try OrderPosting(receipt: receipt(200), id: UUID(), programme: programme, holding: holding, at: .sample)
    }
  }

  @Test("property: any history of sales and refunds keeps the balance adding up to its entries, never below zero (M2)")
  func historiesAddUp() throws {
    let seed = PropertySeed("ledger histories")
    var random = seed.random
    let time = LedgerTime(now: Instant(rawValue: 0), today: Day(rawValue: 0))
    for _ in 0..<200 {
      var holding = Holding.empty
      var postings: [Posting] = []
      var posted: [OrderPosting] = []
      for _ in 0..<60 {
        if let order = posted.popLast(), Bool.random(using: &random) {
          let reversal = try OrderReversal(
            pointsEarned: order.pointsEarned,
            pointsLeft: order.pointsEarned,
            earnedUntil: .never,
            orderID: UUID(),
            redeemed: order.postings.filter { $0.type == .redeem }.flatMap(\.lots),
            holding: holding,
            rule: .first,
            at: time
          )
          #expect(reversal.pointsTaken + reversal.pointsShort == order.pointsEarned, "\(seed)")
          postings += reversal.postings
          holding = reversal.holding
        } else {
          let draft = receipt(
            .random(in: 0...50_000, using: &random),
            redeem: 100 * .random(in: 0...4, using: &random)
          )
          guard
            let order = try? OrderPosting(
              receipt: draft,
              id: UUID(),
              programme: programme,
              holding: holding,
              at: .sample
            )
          else { continue }
          postings += order.postings
          holding = order.holding
          posted.append(order)
        }
        let sum = postings.reduce(0) { $0 + ($1.to == .available ? $1.amount : -$1.amount) }
        #expect(holding.available == sum, "\(seed)")
        #expect(holding.available >= 0, "\(seed)")
        #expect(holding.available == holding.lifetimeEarned - holding.lifetimeSpent, "\(seed)")
        #expect(holding.isSound, "\(seed)")
      }
    }
  }
}
