import Testing

@testable import TillSimulation

@Suite("What a replay plans")
struct ReplayPlanTests {
  private let year: ReplayPlan
  private let december: ReplayPlan

  init() throws {
    year = try JourneyFixture.year.get()
    december = try JourneyFixture.december.get()
  }

  @Test("the year has 47,243 receipts of 2,377 households, who paid 233,935.24")
  func wholeYear() {
    #expect(year.receiptCount == 47_243)
    #expect(year.households.count == 2_377)
    #expect(year.paidCents == 23_393_524)
    #expect(year.households.flatMap(\.receipts).reduce(0) { $0 + $1.lines.count } == 75_000)
  }

  @Test("1,614 redemptions fall on a day with a receipt, and each uses a coupon of its own")
  func redemptions() {
    #expect(year.redemptionCount == 1_614)
    for household in year.households {
      let used = household.receipts.flatMap(\.coupons)
      #expect(Set(used).count == used.count)
      #expect(used.allSatisfy(household.coupons.indices.contains))
    }
  }

  @Test("every household gets a coupon of each campaign it was sent, and more where it redeemed more")
  func coupons() throws {
    let journey = try JourneyFixture.journey.get()
    for household in year.households {
      let campaigns = household.coupons.map(\.campaign)
      #expect(Array(Set(campaigns)).sorted() == journey.campaignsSent[household.number] ?? [])
    }
    #expect(year.couponCount == 7_574)
  }

  @Test("what is left to pay after the coupons is what the record says was paid")
  func payable() {
    for household in year.households {
      for receipt in household.receipts {
        let gross = receipt.lines.reduce(0) { $0 + $1.amountCents }
        let off = receipt.coupons.reduce(0) { $0 + household.coupons[$1].amountOffCents }
        #expect(gross - off == receipt.paidCents)
        #expect(receipt.lines.allSatisfy { $0.amountCents >= 0 })
      }
    }
  }

  @Test("a coupon counts on the day it is redeemed")
  func validity() throws {
    let templates = Dictionary(uniqueKeysWithValues: year.templates.map { ($0.campaign, $0) })
    for household in year.households {
      for receipt in household.receipts {
        for coupon in receipt.coupons {
          let template = try #require(templates[household.coupons[coupon].campaign])
          #expect(template.validFrom <= receipt.occurredAt && receipt.occurredAt < template.validBefore)
        }
      }
    }
  }

  @Test("receipts of a household are in the order of time")
  func order() {
    for household in year.households {
      #expect(household.receipts.map(\.occurredAt) == household.receipts.map(\.occurredAt).sorted())
    }
  }

  @Test("no receipt uses more than 20 coupons")
  func couponLimit() {
    #expect(year.households.flatMap(\.receipts).map(\.coupons.count).max() == 19)
  }

  @Test("December has 4,124 receipts of 1,562 households, who paid 21,715.62")
  func onlyDecember() {
    #expect(december.receiptCount == 4_124)
    #expect(december.households.count == 1_562)
    #expect(december.paidCents == 2_171_562)
    #expect(december.redemptionCount == 205)
    #expect(december.templates.map(\.campaign) == [15, 18, 19, 20, 21, 22, 23])
  }

  @Test("the twelve months together are the year")
  func months() throws {
    let journey = try JourneyFixture.journey.get()
    let months = (1...12).map { ReplayPlan(journey, period: .month($0)) }
    #expect(months.reduce(0) { $0 + $1.receiptCount } == year.receiptCount)
    #expect(months.reduce(0) { $0 + $1.paidCents } == year.paidCents)
    #expect(months.reduce(0) { $0 + $1.redemptionCount } == year.redemptionCount)
  }

  @Test("a month asks for the same receipts, members and coupons as the year does")
  func monthWithinYear() throws {
    let households = Dictionary(uniqueKeysWithValues: year.households.map { ($0.number, $0) })
    for household in december.households {
      let whole = try #require(households[household.number])
      #expect(household.requestID == whole.requestID)
      #expect(household.store == whole.store)
      #expect(Set(household.coupons).isSubset(of: whole.coupons))
      let receipts = Dictionary(uniqueKeysWithValues: whole.receipts.map { ($0.requestID, $0) })
      for receipt in household.receipts {
        let same = try #require(receipts[receipt.requestID])
        #expect(receipt.lines == same.lines)
        #expect(receipt.coupons.map { household.coupons[$0] } == same.coupons.map { whole.coupons[$0] })
      }
    }
  }
}
