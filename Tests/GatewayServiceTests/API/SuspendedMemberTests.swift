import MembersProto
import PosProto
import RPC
import Testing

@Suite("2.4 A suspended member at the till")
struct SuspendedMemberTests {
  @Test("neither points nor coupons are taken, the sale alone is posted and earns nothing, goods come back")
  func suspended() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let before = try await gateway.pos.checkout(gateway.sale(to: member, for: 20_000))
    let coupon = try await gateway.coupon(of: member)
    try await gateway.suspend(member)

    let withPoints = try await gateway.sale(to: member, points: 100)
    #expect(await refusal { _ = try await gateway.pos.checkout(withPoints) } == "MEMBER_SUSPENDED")
    let withCoupon = try await gateway.sale(to: member, coupons: [coupon])
    #expect(await refusal { _ = try await gateway.pos.checkout(withCoupon) } == "MEMBER_SUSPENDED")
    let alone = try await gateway.pos.checkout(gateway.sale(to: member, for: 10_000))
    #expect(alone.pointsEarned == 0)
    #expect(alone.balancePoints == before.balancePoints)
    let refund = try await gateway.pos.refundOrder(
      PosV1.RefundOrderRequest(requestID: gateway.id(), key: .orderID(before.orderID), reason: "damaged")
    )
    #expect(refund.pointsTaken == 200)
  }

  @Test("coupons are free again when points of the same sale are refused, and everything is taken after reinstating")
  func reinstated() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 20_000))
    let coupon = try await gateway.coupon(of: member)
    try await gateway.suspend(member)
    let sale = try await gateway.sale(to: member, coupons: [coupon], points: 100)
    #expect(await refusal { _ = try await gateway.pos.checkout(sale) } == "MEMBER_SUSPENDED")
    try await gateway.reinstate(member)
    let answer = try await gateway.pos.checkout(sale)
    #expect(answer.couponDiscounts.count == 1)
    #expect(answer.pointsRedeemed == 100)
    #expect(answer.pointsEarned > 0)
  }

  @Test("a member who was suspended before any sale spends nothing and earns nothing either")
  func neverSoldTo() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.memberWithoutAccount().memberID
    try await gateway.suspend(member)
    #expect(try await gateway.pos.checkout(gateway.sale(to: member, for: 30_000)).pointsEarned == 0)
  }
}
