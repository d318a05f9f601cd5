import Basics
import CommonProto
import LoyaltyProto
import MembersProto
import Messages
import PosProto
import RPC
import ServiceKit
import Testing

@testable import GatewayService

@Suite("The till's other calls", .timeLimit(.minutes(2)))
struct TillTests {
  @Test("a member is registered with an account, the phone is masked, and a retry gives the same member")
  func registration() async throws {
    let gateway = try await TestGateway()
    let request = PosV1.RegisterMemberRequest(
      requestID: gateway.id(),
      name: "王小明",
      phone: "138\(UInt32.random(in: 10_000_000...99_999_999))",
      externalSource: "erp",
      externalID: gateway.id(),
      attributes: ["size": "2"]
    )
    gateway.loyalty.loseNext("OpenAccount", .answer)
    #expect(await refusal { _ = try await gateway.pos.registerMember(request) } == "UPSTREAM_UNAVAILABLE")
    let member = try #require(try await gateway.pos.registerMember(request).member)
    #expect(member.name == "王小明")
    #expect(member.maskedPhone == "+86" + request.phone.prefix(3) + "****" + request.phone.suffix(4))
    #expect(try await gateway.pos.registerMember(request).member == member)
    let balance = try await gateway.suite.loyalty.getBalance(LoyaltyV1.GetBalanceRequest(memberID: member.memberID))
    #expect(balance.balance?.points == 0)
  }

  @Test("a phone belongs to one member: the refusal names the field and reveals nothing of the other member")
  func takenPhone() async throws {
    let gateway = try await TestGateway()
    let phone = "139\(UInt32.random(in: 10_000_000...99_999_999))"
    let first = try await gateway.pos.registerMember(
      PosV1.RegisterMemberRequest(requestID: gateway.id(), name: "First", phone: phone)
    ).member
    do {
      _ = try await gateway.pos.registerMember(PosV1.RegisterMemberRequest(requestID: gateway.id(), phone: phone))
      Issue.record("it was accepted")
    } catch let error as RPCError {
      #expect(error.code == .alreadyExists)
      #expect(error.info?.reason == "PHONE_TAKEN")
      #expect(!"\(error.message)\(error.details)".contains(first?.memberID ?? "?"))
      #expect(!"\(error.message)\(error.details)".contains("First"))
    }
  }

  @Test("an id that a service would refuse is refused before anything is done: the member does not exist half")
  func refusedBeforeAnything() async throws {
    let gateway = try await TestGateway()
    let ahead = UUIDv7Generator(clock: WallClock { WallClock.system.unixMicroseconds + 600_000_000 })
    var request = PosV1.RegisterMemberRequest(
      requestID: ahead.next().text,
      phone: "137\(UInt32.random(in: 10_000_000...99_999_999))"
    )
    #expect(await refusal { _ = try await gateway.pos.registerMember(request) } == "REQUEST_ID_IN_FUTURE")
    request.requestID = gateway.id()
    let member = try await gateway.pos.registerMember(request).member
    request.requestID = request.requestID.uppercased()
    #expect(try await gateway.pos.registerMember(request).member == member)
  }

  @Test("a receipt is looked up by the number that it was posted with, and by no disguise of it")
  func disguisedReceipt() async throws {
    let gateway = try await TestGateway()
    let sale = try await gateway.sale(to: gateway.registeredMember())
    _ = try await gateway.pos.checkout(sale)
    for disguise in [sale.receiptNumber + " ", sale.receiptNumber + "\u{200B}", "\u{A0}" + sale.receiptNumber] {
      var again = sale
      again.requestID = gateway.id()
      again.receiptNumber = disguise
      #expect(await refusal { _ = try await gateway.pos.checkout(again) } == "IDENTIFIER_INVALID")
      let refund = PosV1.RefundOrderRequest(
        requestID: gateway.id(),
        key: .receipt(PosV1.ReceiptKey(storeID: sale.storeID, receiptNumber: disguise)),
        reason: "damaged"
      )
      #expect(await refusal { _ = try await gateway.pos.refundOrder(refund) } == "IDENTIFIER_INVALID")
    }
  }

  @Test("a member without any identifier is refused")
  func noIdentifier() async throws {
    let gateway = try await TestGateway()
    let request = PosV1.RegisterMemberRequest(requestID: gateway.id(), name: "Nobody")
    #expect(await refusal { _ = try await gateway.pos.registerMember(request) } == "IDENTIFIER_REQUIRED")
  }

  @Test("a member is recognised with points and the coupons that count now, latest first")
  func identification() async throws {
    // An hour later at the till than where coupons are issued: ended coupons are not returned.
    let clock = WallClock { WallClock.system.unixMicroseconds + 3_600_000_000 }
    let gateway = try await TestGateway(clock: clock)
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 700))
    let now = clock.unixMicroseconds
    let past = GoogleProtobuf.Timestamp(unixMicroseconds: now - 1_800_000_000)
    let future = GoogleProtobuf.Timestamp(unixMicroseconds: now + 3_600_000_000)
    let first = try await gateway.coupon(of: member, from: past, before: future)
    _ = try await gateway.coupon(of: member, before: past)
    _ = try await gateway.coupon(of: member, from: future)
    let second = try await gateway.coupon(of: member)
    let card = try await gateway.suite.members.getMember(MembersV1.GetMemberRequest(memberID: member)).member

    let answer = try await gateway.pos.identifyMember(
      PosV1.IdentifyMemberRequest(identifier: .cardNumber(card?.cardNumber ?? ""))
    )
    #expect(answer.member?.memberID == member)
    #expect(answer.member?.status == .active)
    #expect(answer.balancePoints == 7)
    #expect(answer.coupons.map(\.couponID) == [second, first])
  }

  @Test("a suspended member is recognised, with nothing to spend or use")
  func suspended() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 700))
    _ = try await gateway.coupon(of: member)
    try await gateway.suspend(member)
    let card = try await gateway.suite.members.getMember(MembersV1.GetMemberRequest(memberID: member)).member
    let answer = try await gateway.pos.identifyMember(
      PosV1.IdentifyMemberRequest(identifier: .cardNumber(card?.cardNumber ?? ""))
    )
    #expect(answer.member?.memberID == member)
    #expect(answer.member?.status == .suspended)
    #expect(answer.balancePoints == 0)
    #expect(answer.coupons == [])
  }

  @Test("an unknown member is not found, and an empty identifier is refused")
  func unknown() async throws {
    let gateway = try await TestGateway()
    let nobody = PosV1.IdentifyMemberRequest(identifier: .cardNumber(gateway.id()))
    #expect(await refusal { _ = try await gateway.pos.identifyMember(nobody) } == "MEMBER_NOT_FOUND")
    #expect(await refusal { _ = try await gateway.pos.identifyMember(PosV1.IdentifyMemberRequest()) } == "REQUIRED")
  }

  @Test(
    "a refund takes the points earned, returns those redeemed, and frees the coupons; a retry gives the same answer"
  )
  func refund() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 20_000))
    let coupon = try await gateway.coupon(of: member, takingOff: 500)
    let sale = try await gateway.sale(to: member, for: 5_000, coupons: [coupon], points: 100)
    let sold = try await gateway.pos.checkout(sale)
    #expect(sold.balancePoints == 200 - 100 + 44)

    let request = PosV1.RefundOrderRequest(
      requestID: gateway.id(),
      key: .receipt(PosV1.ReceiptKey(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
      reason: "returned"
    )
    gateway.loyalty.loseNext("ReverseOrder", .answer)
    #expect(await refusal { _ = try await gateway.pos.refundOrder(request) } == "UPSTREAM_UNAVAILABLE")
    let refund = try await gateway.pos.refundOrder(request)
    #expect(refund.orderID == sale.requestID)
    #expect(refund.refunded?.minorUnits == 4_400)
    #expect(refund.pointsTaken == 44)
    #expect(refund.pointsReturned == 100)
    #expect(refund.pointsShort == 0)
    #expect(refund.balancePoints == 200)
    #expect(try await gateway.pos.refundOrder(request) == refund)

    var next = try await gateway.sale(to: member, coupons: [coupon])
    while await refusal({ _ = try await gateway.pos.checkout(next) }) == "COUPON_NOT_AVAILABLE" {
      next.requestID = gateway.id()
    }
    #expect(try await gateway.pos.checkout(next).couponDiscounts.count == 1)
  }

  @Test("an order that is not known can't be refunded")
  func unknownOrder() async throws {
    let gateway = try await TestGateway()
    let request = PosV1.RefundOrderRequest(requestID: gateway.id(), key: .orderID(gateway.id()), reason: "x")
    #expect(await refusal { _ = try await gateway.pos.refundOrder(request) } == "ORDER_NOT_FOUND")
  }
}
