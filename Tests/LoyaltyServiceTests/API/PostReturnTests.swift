import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("PostReturn: lines, parts, other stores, and goods that come back before their sale (M7)")
struct PostReturnTests {
  private func request(
    _ loyalty: LoyaltyHarness,
    _ order: String,
    _ lines: LoyaltyV1.ReturnLine...
  ) -> LoyaltyV1.PostReturnRequest {
    .init(
      requestID: loyalty.ids.next().text,
      key: .orderID(order),
      storeID: "store-2",
      lines: lines,
      reason: "尺码不合适"
    )
  }

  @Test("a line takes its share of the points back, in another store; the last one takes what is left (M7)")
  func lines() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let order = try await loyalty.client.postOrder(.sample(member, 1_050, 3_000)).orderID
      let first = request(loyalty, order, .init(line: 1))
      let answer = try await loyalty.client.postReturn(first)
      #expect(answer.state == .applied)
      #expect(answer.orderReturn?.pointsTaken == 29)
      #expect(answer.orderReturn?.returned == .cny(3_000))
      #expect(answer.orderReturn?.storeID == "store-2")
      #expect(answer.orderReturn?.balancePoints == 11)
      #expect(try await loyalty.client.postReturn(first) == answer)
      let rest = try await loyalty.client.postReturn(request(loyalty, order))
      #expect(rest.orderReturn?.lines == [.init(line: 0, amount: .cny(1_050), quantityThousandths: 1_000)])
      #expect(rest.orderReturn?.pointsTaken == 11)
      await expectReason("NOTHING_LEFT_TO_RETURN") { try await loyalty.client.postReturn(request(loyalty, order)) }
      let shown = try await loyalty.client.getOrder(.init(key: .orderID(order))).order
      #expect(shown?.returns == [answer.orderReturn, rest.orderReturn].compactMap(\.self))
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "money is paid back once: returns and the reversal together pay back what was paid, with coupons and points (M7)"
  )
  func money() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 300)
      var sale = LoyaltyV1.PostOrderRequest.sample(member, 3_333, 3_333, 3_334)
      sale.pointsToRedeem = 300
      sale.couponDiscounts = [.init(couponID: loyalty.ids.next().text, discount: .cny(701))]
      sale.reservationID = loyalty.ids.next().text
      let posted = try await loyalty.client.postOrder(sale)
      #expect(posted.order?.payable == .cny(8_999))
      let first = try await loyalty.client.postReturn(
        request(loyalty, posted.orderID, .init(line: 0, quantityThousandths: 500))
      ).orderReturn
      #expect(first?.returned == .cny(1_666))
      #expect(first?.refunded == .cny(1_499))
      #expect(first?.left == .cny(8_334))
      #expect(first?.leftPayable == .cny(7_500))
      #expect(first?.freedCouponIDs == [])
      let second = try await loyalty.client.postReturn(request(loyalty, posted.orderID, .init(line: 1))).orderReturn
      #expect(second?.refunded == .cny(2_999))
      let reversal = LoyaltyV1.ReverseOrderRequest.sample(of: posted.orderID)
      let rest = try await loyalty.client.reverseOrder(reversal)
      #expect(rest.refunded == .cny(8_999 - 1_499 - 2_999))
      #expect(try await loyalty.client.reverseOrder(reversal) == rest)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("an order that came back in full pays nothing back when it is reversed, and its coupons are free (M7)")
  func allBack() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var sale = LoyaltyV1.PostOrderRequest.sample(member, 5_000, 5_000)
      let coupon = loyalty.ids.next().text
      sale.couponDiscounts = [.init(couponID: coupon, discount: .cny(1_000))]
      sale.reservationID = loyalty.ids.next().text
      let order = try await loyalty.client.postOrder(sale).orderID
      let back = try await loyalty.client.postReturn(request(loyalty, order)).orderReturn
      #expect(back?.refunded == .cny(9_000))
      #expect(back?.freedCouponIDs == [coupon])
      #expect(try await loyalty.client.reverseOrder(.sample(of: order)).refunded == .cny(0))
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("redeemed points come back in proportion, into their own lots (M7, M3)")
  func redeemed() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for (day, amount) in [("2097-12-31", 100), ("2098-12-31", 200)] as [(String, Int64)] {
        _ = try await loyalty.client.credit(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount, expiresOn: day)
        )
      }
      var sale = LoyaltyV1.PostOrderRequest.sample(member, 2_000, 2_000)
      sale.pointsToRedeem = 300
      let order = try await loyalty.client.postOrder(sale).orderID
      let half = try await loyalty.client.postReturn(request(loyalty, order, .init(line: 0)))
      #expect(half.orderReturn?.pointsReturned == 150)
      #expect(half.orderReturn?.pointsTaken == 18)
      let lots = try await loyalty.balance(of: member).lots
      #expect(lots.first == .init(expiresOn: "2098-12-31", amount: 150))
      let rest = try await loyalty.client.reverseOrder(.sample(of: order))
      #expect([rest.pointsReturned, rest.pointsTaken] == [150, 19] as [Int64])
      #expect(
        try await loyalty.balance(of: member).lots == [
          .init(expiresOn: "2097-12-31", amount: 100), .init(expiresOn: "2098-12-31", amount: 200),
        ]
      )
      await expectReason("ORDER_ALREADY_REVERSED") { try await loyalty.client.postReturn(request(loyalty, order)) }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "after the points were spent, the programme's policy says what is taken (M7)",
    arguments: [
      (LoyaltyV1.ReturnPolicy.pendingOnly, Int64(0), Int64(30), Int64(0)), (.withinBalance, 0, 0, 30),
      (.negativeAllowed, -50, -50, 80), (.negativeAllowed, -1_000, -70, 100),
    ]
  )
  func policies(policy: LoyaltyV1.ReturnPolicy, lowest: Int64, balance: Int64, taken: Int64) async throws {
    try await LoyaltyHarness.with { loyalty in
      try await loyalty.changeProgramme("return_rule") {
        $0.returnRule = .init(policy: policy, lowestBalancePoints: lowest, restore: .expireAtOnce)
      }
      let member = try await loyalty.openAccount()
      let order = try await loyalty.client.postOrder(.sample(member, 10_000)).orderID
      _ = try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 70))
      let answer = try await loyalty.client.postReturn(request(loyalty, order)).orderReturn
      #expect(answer?.pointsTaken == taken)
      #expect(answer?.pointsShort == 100 - taken)
      #expect(try await loyalty.balance(of: member).points == balance)
      #expect(try await loyalty.bookProblems() == [])
      guard balance < 0 else { return }
      // What is earned next pays the debt.
      let next = try await loyalty.client.postOrder(.sample(member, 10_000))
      #expect(next.balancePoints == balance + 100)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "after the redeemed points expired they get a period of grace, or expire at once (M7, M3)",
    arguments: [LoyaltyV1.RestorePolicy.grace, .expireAtOnce]
  )
  func afterExpiry(restore: LoyaltyV1.RestorePolicy) async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      try await loyalty.changeProgramme("return_rule") {
        $0.returnRule = .init(policy: .withinBalance, restore: restore, graceDays: 10)
      }
      let member = try await loyalty.openAccount()
      _ = try await loyalty.client.credit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 100, expiresOn: "2023-11-20")
      )
      var sale = LoyaltyV1.PostOrderRequest.sample(member, 100)
      sale.pointsToRedeem = 100
      let order = try await loyalty.client.postOrder(sale).orderID
      clock.advance(by: .seconds(30 * 86_400))
      let answer = try await loyalty.client.postReturn(request(loyalty, order)).orderReturn
      #expect(answer?.pointsReturned == 100)
      let balance = try await loyalty.balance(of: member)
      #expect(balance.points == (restore == .grace ? 100 : 0))
      #expect(balance.lots == (restore == .grace ? [.init(expiresOn: "2023-12-25", amount: 100)] : []))
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("goods that come back before their sale arrived are kept, and applied when it does (M7, M8)")
  func beforeTheSale() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let sale = LoyaltyV1.PostOrderRequest.sample(member, 1_000, 3_000)
      let early = LoyaltyV1.PostReturnRequest(
        requestID: loyalty.ids.next().text,
        memberID: member.text,
        key: .receipt(.init(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
        storeID: "store-9",
        lines: [.init(line: 1, amount: .cny(1_500))],
        reason: "离线退货"
      )
      let kept = try await loyalty.client.postReturn(early)
      #expect(kept.state == .waiting)
      #expect(kept.orderReturn == nil)
      let posted = try await loyalty.client.postOrder(sale)
      #expect(posted.balancePoints == 40)
      #expect(try await loyalty.balance(of: member).points == 25)
      #expect(try await loyalty.client.postReturn(early) == kept, "the first answer, for ever")
      #expect(try await loyalty.client.postOrder(sale) == posted)
      let shown = try await loyalty.client.getOrder(.init(key: .orderID(posted.orderID))).order?.returns
      #expect(shown?.map(\.returnID) == [early.requestID])
      #expect(shown?.map(\.pointsTaken) == [15])
      let rest = try await loyalty.client.postReturn(request(loyalty, posted.orderID))
      #expect(rest.orderReturn?.pointsTaken == 25)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "property: sales, returns and reversals of one member at the same time, in any order, take what was earned and no more (M7)"
  )
  func atTheSameTime() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let sales = (0..<10).map { _ in LoyaltyV1.PostOrderRequest.sample(member, 1_000, 2_000) }
      let answers = try await atOnce(40) { number in
        let sale = sales[number % 10]
        switch number / 10 {
        case 0, 3: return try await loyalty.client.postOrder(sale).balancePoints
        default:
          let back = LoyaltyV1.PostReturnRequest(
            requestID: loyalty.ids.next().text,
            memberID: member.text,
            key: .receipt(.init(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
            storeID: "store-2",
            lines: [.init(line: Int32(number / 10 - 1))],
            reason: "wrong colour"
          )
          return try await loyalty.client.postReturn(back).orderReturn?.balancePoints ?? 0
        }
      }
      #expect(answers.count == 40)
      #expect(try await loyalty.balance(of: member).points == 0)
      #expect(try await loyalty.balance(of: member).lifetimePointsEarned == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("what does not fit the receipt is refused with the line and what is left of it (M19)")
  func refused() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let order = try await loyalty.client.postOrder(.sample(member, 1_000)).orderID
      await expectReason("NO_SUCH_LINE") {
        try await loyalty.client.postReturn(request(loyalty, order, .init(line: 1)))
      }
      let error = await expectReason("MORE_THAN_LEFT") {
        try await loyalty.client.postReturn(request(loyalty, order, .init(line: 0, amount: .cny(1_001))))
      }
      #expect(error?.info?.metadata["left_minor_units"] == "1000")
      await expectReason("CURRENCY_MISMATCH") {
        try await loyalty.client.postReturn(
          request(loyalty, order, .init(line: 0, amount: .init(currencyCode: "USD", minorUnits: 1)))
        )
      }
      await expectReason("REPEATED") {
        try await loyalty.client.postReturn(request(loyalty, order, .init(line: 0), .init(line: 0)))
      }
      await expectReason("ORDER_NOT_FOUND") { try await loyalty.client.postReturn(request(loyalty, UUID().text)) }
      var foreign = request(loyalty, order)
      foreign.memberID = try await loyalty.openAccount().text
      await expectReason("ORDER_NOT_FOUND") { try await loyalty.client.postReturn(foreign) }
    }
  }
}
