import Basics
import CampaignsProto
import CommonProto
import LoyaltyProto
import LoyaltyService
import MembersProto
import PosProto
import RPC
import ServiceKit
import Testing

@testable import GatewayService

@Suite("A checkout that is sent again", .timeLimit(.minutes(2)))
struct RetriedCheckoutTests {
  /// A call of a checkout, and which part of it is lost.
  struct Step: Sendable, CustomTestStringConvertible {
    var service: String
    var method: String
    var loss: FaultyChannel.Loss

    var testDescription: String { "\(loss) of \(service).\(method)" }

    static let all = [
      ("campaigns", "ReserveCoupons"), ("loyalty", "PostOrder"), ("members", "GetMember"), ("loyalty", "OpenAccount"),
    ].flatMap { service, method in
      [FaultyChannel.Loss.request, .answer].map { Step(service: service, method: method, loss: $0) }
    }
  }

  @Test("gives the answer and counts once, whatever was lost the first time", arguments: Step.all)
  func lostStep(step: Step) async throws {
    let gateway = try await TestGateway()
    // A member whom the ledger does not know yet, so that all four calls are made.
    let member = try await gateway.memberWithoutAccount().memberID
    gateway.loyalty.refuseNext("PostOrder", LoyaltyReason.accountNotFound.error())
    let coupon = try await gateway.coupon(of: member, takingOff: 500)
    let sale = try await gateway.sale(to: member, for: 10_000, coupons: [coupon])

    gateway.channel(to: step.service).loseNext(step.method, step.loss)
    #expect(await refusal { _ = try await gateway.pos.checkout(sale) } == "UPSTREAM_UNAVAILABLE")

    let answer = try await gateway.pos.checkout(sale)
    #expect(answer.payable?.minorUnits == 9_500)
    #expect(answer.balancePoints == 95)
    #expect(try await gateway.pos.checkout(sale) == answer)
    #expect(try await gateway.entryCount(of: member) == 1)
    #expect(try await gateway.points(of: member) == 95)
  }

  @Test("gives the first answer even after later sales and after its coupon is used up")
  func afterLaterSales() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let coupon = try await gateway.coupon(of: member)
    let sale = try await gateway.sale(to: member, coupons: [coupon])
    let answer = try await gateway.pos.checkout(sale)
    _ = try await gateway.pos.checkout(gateway.sale(to: member))
    while try await !gateway.isUsed(coupon, of: member) { await Task.yield() }
    #expect(try await gateway.pos.checkout(sale) == answer)
  }

  @Test("gives the first answer even after the sale was refunded")
  func afterRefund() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let sale = try await gateway.sale(to: member, coupons: [try await gateway.coupon(of: member)])
    let answer = try await gateway.pos.checkout(sale)
    _ = try await gateway.pos.refundOrder(
      PosV1.RefundOrderRequest(requestID: gateway.id(), key: .orderID(sale.requestID), reason: "returned")
    )
    #expect(try await gateway.pos.checkout(sale) == answer)
  }

  @Test("is posted under a new reservation when the first one ran out before the order was posted")
  func reservationRanOut() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let coupon = try await gateway.coupon(of: member)
    let sale = try await gateway.sale(to: member, coupons: [coupon])
    gateway.loyalty.loseNext("PostOrder", .request)
    _ = await refusal { _ = try await gateway.pos.checkout(sale) }

    // The ledger voids the reservation, which campaigns does not know yet.
    let held = try await gateway.suite.campaigns.reserveCoupons(
      CampaignsV1.ReserveCouponsRequest(
        orderID: sale.requestID,
        memberID: member,
        couponIDs: [coupon],
        gross: sale.lines[0].amount,
        occurredAt: try Sale(sale, times: RequestTimes(clock: .system)).occurredAt
      )
    )
    let fate = try await gateway.suite.loyalty.resolveReservation(
      LoyaltyV1.ResolveReservationRequest(reservationID: held.reservation?.reservationID ?? "")
    )
    #expect(fate.outcome == .voided)

    let answer = try await gateway.pos.checkout(sale)
    #expect(answer.couponDiscounts.map(\.couponID) == [coupon])
    #expect(try await gateway.pos.checkout(sale) == answer)
  }

  @Test("sent many times at once, it counts once, and all answers are the same")
  func atOnce() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let sale = try await gateway.sale(to: member, coupons: [try await gateway.coupon(of: member)])
    let answers = try await withThrowingTaskGroup(of: PosV1.CheckoutResponse.self) { group in
      for _ in 0..<8 {
        group.addTask {
          while true {
            do {
              return try await gateway.pos.checkout(sale)
            } catch let error as RPCError where [.aborted, .unavailable].contains(error.code) {
              continue
            }
          }
        }
      }
      return try await group.reduce(into: Set<PosV1.CheckoutResponse>()) { $0.insert($1) }
    }
    #expect(answers.count == 1)
    #expect(try await gateway.entryCount(of: member) == 1)
  }
}
