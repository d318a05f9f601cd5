import Basics
import CommonProto
import MembersProto
import Messages
import PosProto
import RPC
import ServiceKit
import Testing

@testable import GatewayService

@Suite("Checkout", .timeLimit(.minutes(2)))
struct CheckoutTests {
  @Test("a sale earns points, uses its coupons, and answers with the amounts")
  func sale() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let coupon = try await gateway.coupon(of: member, takingOff: 550)
    let answer = try await gateway.pos.checkout(gateway.sale(to: member, for: 10_000, coupons: [coupon]))
    #expect(answer.gross?.minorUnits == 10_000)
    #expect(
      answer.couponDiscounts == [CommonV1.CouponDiscount(couponID: coupon, discount: try await gateway.money(550))]
    )
    #expect(answer.payable?.minorUnits == 9_450)
    #expect(answer.pointsEarned == 94)
    #expect(answer.balancePoints == 94)
  }

  @Test("points pay, and are gone")
  func redemption() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 20_000))
    let answer = try await gateway.pos.checkout(gateway.sale(to: member, for: 1_000, points: 200))
    #expect(answer.pointsDiscount?.minorUnits == 200)
    #expect(answer.payable?.minorUnits == 800)
    #expect(answer.pointsRedeemed == 200)
    #expect(answer.balancePoints == 8)
  }

  @Test("a sale of a member with an account makes no call to members, and none to campaigns without coupons")
  func fastPath() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let before = gateway.members.calledMethods.count
    _ = try await gateway.pos.checkout(gateway.sale(to: member))
    #expect(gateway.members.calledMethods.count == before)
    #expect(gateway.campaigns.calledMethods == [])
  }

  @Test("a member whom the ledger does not know yet gets an account with the first sale")
  func firstSale() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.memberWithoutAccount().memberID
    #expect(try await gateway.pos.checkout(gateway.sale(to: member, for: 300)).balancePoints == 3)
  }

  @Test("an unknown member is refused, and the coupons are not held")
  func unknownMember() async throws {
    let gateway = try await TestGateway()
    let sale = try await gateway.sale(to: gateway.id())
    #expect(await refusal { _ = try await gateway.pos.checkout(sale) } == "MEMBER_NOT_FOUND")
  }

  @Test("points that are not there are refused, and the coupons can be used by the next sale at once")
  func insufficientPoints() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let coupon = try await gateway.coupon(of: member)
    let sale = try await gateway.sale(to: member, coupons: [coupon], points: 100)
    #expect(await refusal { _ = try await gateway.pos.checkout(sale) } == "INSUFFICIENT_POINTS")
    let next = try await gateway.sale(to: member, coupons: [coupon])
    #expect(try await gateway.pos.checkout(next).couponDiscounts.count == 1)
  }

  @Test("of many sales that want one coupon at once, exactly one gets it")
  func couponRace() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let coupon = try await gateway.coupon(of: member)
    var sales: [PosV1.CheckoutRequest] = []
    for _ in 0..<8 { sales.append(try await gateway.sale(to: member, coupons: [coupon])) }
    let refusals = await withTaskGroup(of: String?.self) { group in
      for sale in sales { group.addTask { await refusal { _ = try await gateway.pos.checkout(sale) } } }
      return await group.reduce(into: [String?]()) { $0.append($1) }
    }
    #expect(refusals.filter { $0 == nil }.count == 1)
    #expect(refusals.filter { $0 == "COUPON_NOT_AVAILABLE" }.count == 7)
    #expect(try await gateway.entryCount(of: member) == 1)
  }

  @Test("another member's coupon can't be used")
  func othersCoupon() async throws {
    let gateway = try await TestGateway()
    let coupon = try await gateway.coupon(of: gateway.registeredMember())
    let sale = try await gateway.sale(to: gateway.registeredMember(), coupons: [coupon])
    #expect(await refusal { _ = try await gateway.pos.checkout(sale) } == "COUPON_NOT_AVAILABLE")
  }

  @Test("a receipt that another request has posted is refused, naming that order: an offline queue needs it")
  func postedReceipt() async throws {
    let gateway = try await TestGateway()
    let first = try await gateway.sale(to: gateway.registeredMember())
    _ = try await gateway.pos.checkout(first)
    var second = try await gateway.sale(to: gateway.registeredMember())
    second.receiptNumber = first.receiptNumber
    do {
      _ = try await gateway.pos.checkout(second)
      Issue.record("it was accepted")
    } catch let error as RPCError {
      #expect(error.info?.reason == "RECEIPT_ALREADY_POSTED")
      #expect(error.info?.metadata["order_id"] == first.requestID)
    }
  }

  @Test("refusals of the services name fields as the till does")
  func fieldNames() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    var sale = try await gateway.sale(to: member, coupons: [try await gateway.coupon(of: member)])
    sale.lines[0].amount?.currencyCode = "USD"
    do {
      _ = try await gateway.pos.checkout(sale)
      Issue.record("it was accepted")
    } catch let error as RPCError {
      #expect(error.info?.reason == "CURRENCY_MISMATCH")
      #expect(error.info?.metadata["field"]?.hasPrefix("lines[0].amount") == true)
    }
  }

  @Test("a coupon that would take nothing off a bill that is paid already stays with the member, as the answer shows")
  func unusedCoupon() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let (first, second) = (try await gateway.coupon(of: member), try await gateway.coupon(of: member))
    let sale = try await gateway.sale(to: member, for: 500, coupons: [first, second.uppercased()])
    let answer = try await gateway.pos.checkout(sale)
    #expect(answer.payable?.minorUnits == 0)
    #expect(answer.couponDiscounts.map(\.couponID) == [first])
    #expect(answer.unusedCouponIDs == [second])
    let next = try await gateway.pos.checkout(gateway.sale(to: member, coupons: [second]))
    #expect(next.couponDiscounts.map(\.couponID) == [second])
    #expect(next.unusedCouponIDs == [])
    #expect(try await gateway.pos.checkout(sale) == answer)
  }

  @Test("a coupon can't be used on a sale from before its issue")
  func couponBeforeItsIssue() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    var sale = try await gateway.sale(to: member, coupons: [try await gateway.coupon(of: member)])
    sale.occurredAt = GoogleProtobuf.Timestamp(unixMicroseconds: WallClock.system.unixMicroseconds - 86_400_000_000)
    let late = sale
    #expect(await refusal { _ = try await gateway.pos.checkout(late) } == "COUPON_NOT_YET_ISSUED")
  }

  @Test("a request id that was used for another sale is refused")
  func reusedRequestID() async throws {
    let gateway = try await TestGateway()
    var sale = try await gateway.sale(to: gateway.registeredMember())
    _ = try await gateway.pos.checkout(sale)
    sale.lines[0].amount?.minorUnits += 1
    #expect(await refusal { _ = try await gateway.pos.checkout(sale) } == "REQUEST_ID_REUSED")
  }
}
