import CommonProto
import MembersProto
import PosProto
import RPC
import SeededRandomness
import ServiceKit
import Testing

@testable import GatewayService

@Suite("Goods that come back to the till", .timeLimit(.minutes(2)))
struct ReturnTests {
  private func request(
    _ gateway: TestGateway,
    _ sale: PosV1.CheckoutRequest,
    _ lines: PosV1.ReturnedLine...
  ) -> PosV1.ReturnLinesRequest {
    PosV1.ReturnLinesRequest(
      requestID: gateway.id(),
      key: .receipt(PosV1.ReceiptKey(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
      memberID: sale.memberID,
      storeID: "store-2",
      lines: lines,
      reason: "wrong size"
    )
  }

  private func refund(
    _ gateway: TestGateway,
    _ sale: PosV1.CheckoutRequest,
    member: String = "",
    store: String = ""
  ) -> PosV1.RefundOrderRequest {
    PosV1.RefundOrderRequest(
      requestID: gateway.id(),
      key: .receipt(PosV1.ReceiptKey(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
      reason: "changed their mind",
      memberID: member,
      storeID: store
    )
  }

  @Test("money is refunded once: of two lines one is returned, then the rest, then there is nothing left")
  func moneyOnce() async throws {
    let gateway = try await TestGateway()
    let sale = try await gateway.sale(to: gateway.registeredMember(), lines: [5_000, 5_000])
    _ = try await gateway.pos.checkout(sale)
    let first = try await gateway.pos.returnLines(request(gateway, sale, .init(line: 0)))
    #expect(first.refunds == [.init(tender: .other, amount: try await gateway.money(5_000))])
    #expect(first.left?.minorUnits == 5_000)
    #expect(first.pointsTaken == 50)
    let rest = try await gateway.pos.refundOrder(refund(gateway, sale))
    #expect(rest.refunded?.minorUnits == 5_000)
    #expect(rest.pointsTaken == 50)
    #expect(rest.state == .applied)
    let again = request(gateway, sale, .init(line: 1))
    #expect(await refusal { _ = try await gateway.pos.returnLines(again) } == "ORDER_ALREADY_REVERSED")
  }

  @Test("after everything was returned, a refund pays nothing back")
  func nothingLeft() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let coupon = try await gateway.coupon(of: member, takingOff: 1_000)
    let sale = try await gateway.sale(to: member, lines: [5_000, 5_000], coupons: [coupon])
    _ = try await gateway.pos.checkout(sale)
    let back = try await gateway.pos.returnLines(request(gateway, sale, .init(line: 0), .init(line: 1)))
    #expect(back.refunds.map(\.amount?.minorUnits) == [9_000])
    #expect(back.left?.minorUnits == 0)
    #expect(back.leftPayable?.minorUnits == 0)
    #expect(back.freedCouponIDs == [coupon])
    let refunded = try await gateway.pos.refundOrder(refund(gateway, sale))
    #expect(refunded.refunded?.minorUnits == 0)
    #expect(refunded.refunds == [])
    while try await gateway.isUsed(coupon, of: member) { await Task.yield() }
    #expect(try await gateway.points(of: member) == 0)
  }

  @Test("points come back as points, money as money, and a return that is sent again gives the same answer")
  func tenders() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 30_000))
    let sale = try await gateway.sale(to: member, lines: [1_000, 3_000], points: 300)
    _ = try await gateway.pos.checkout(sale)
    let request = request(gateway, sale, .init(line: 0, quantityThousandths: 500))
    gateway.loyalty.loseNext("PostReturn", .answer)
    #expect(await refusal { _ = try await gateway.pos.returnLines(request) } == "UPSTREAM_UNAVAILABLE")
    let answer = try await gateway.pos.returnLines(request)
    // An eighth of 4,000: of 300 points 37, of 3,700 paid 462.
    #expect(answer.returned?.minorUnits == 500)
    #expect(answer.lines.map(\.quantityThousandths) == [500])
    #expect(
      answer.refunds == [
        .init(tender: .points, points: 37), .init(tender: .other, amount: try await gateway.money(462)),
      ]
    )
    #expect(answer.leftPayable?.minorUnits == 3_238)
    #expect(answer.returnID == request.requestID)
    #expect(try await gateway.pos.returnLines(request) == answer)
  }

  @Test("property: all returns of a sale and its refund refund exactly what was paid, and restore all its points")
  func addsUp() async throws {
    let seed = SeededRandom(seed: .random(in: 0..<1_000_000))
    var random = seed
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    _ = try await gateway.pos.checkout(gateway.sale(to: member, for: 1_000_000))
    for _ in 0..<8 {
      let prices = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int64.random(in: 700...9_999, using: &random)
      }
      let coupon = try await gateway.coupon(of: member, takingOff: .random(in: 1...500, using: &random))
      let sale = try await gateway.sale(to: member, lines: prices, coupons: [coupon], points: 100)
      let sold = try await gateway.pos.checkout(sale)
      var (money, points) = (Int64(0), Int64(0))
      for _ in 0..<5 {
        let line = PosV1.ReturnedLine(
          line: Int32.random(in: 0..<Int32(prices.count), using: &random),
          quantityThousandths: .random(in: 1...600, using: &random)
        )
        do {
          let back = try await gateway.pos.returnLines(request(gateway, sale, line))
          money += back.refunds.reduce(0) { $0 + ($1.amount?.minorUnits ?? 0) }
          points += back.refunds.reduce(0) { $0 + $1.points }
          #expect(back.leftPayable?.minorUnits == (sold.payable?.minorUnits ?? 0) - money, "\(seed)")
        } catch let error as RPCError {
          #expect(error.info?.reason == "MORE_THAN_LEFT", "\(seed)")
        }
      }
      let rest = try await gateway.pos.refundOrder(refund(gateway, sale))
      #expect(money + (rest.refunded?.minorUnits ?? 0) == sold.payable?.minorUnits, "\(seed)")
      #expect(points + rest.pointsReturned == 100, "\(seed)")
    }
  }

  @Test("goods that come back before their sale arrived, in another store, are taken back when it does")
  func linesBeforeTheSale() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.registeredMember()
    let sale = try await gateway.sale(to: member, lines: [4_000, 6_000])
    let early = request(gateway, sale, .init(line: 1))
    let kept = try await gateway.pos.returnLines(early)
    #expect(kept == .init(state: .waiting, returnID: early.requestID))
    #expect(try await gateway.pos.checkout(sale).pointsEarned == 100)
    #expect(try await gateway.points(of: member) == 40)
    #expect(try await gateway.pos.returnLines(early) == kept)
    #expect(try await gateway.pos.refundOrder(refund(gateway, sale)).refunded?.minorUnits == 4_000)
    #expect(try await gateway.points(of: member) == 0)
  }

  @Test("a sale that is refunded before it arrived is taken back when it does, for a member new to the ledger too")
  func refundBeforeTheSale() async throws {
    let gateway = try await TestGateway()
    let member = try await gateway.memberWithoutAccount().memberID
    let coupon = try await gateway.coupon(of: member)
    let sale = try await gateway.sale(to: member, for: 9_000, coupons: [coupon])
    let early = refund(gateway, sale, member: member, store: "store-2")
    let kept = try await gateway.pos.refundOrder(early)
    #expect(kept == .init(state: .waiting))
    _ = try await gateway.pos.checkout(sale)
    #expect(try await gateway.points(of: member) == 0)
    #expect(try await gateway.pos.refundOrder(early) == kept, "the first answer, also once the sale is there")
    let later = try await gateway.pos.refundOrder(refund(gateway, sale, member: member, store: "store-2"))
    #expect(later.refunded?.minorUnits == 0)
    while try await gateway.isUsed(coupon, of: member) { await Task.yield() }
  }

  @Test(
    "a refund of an unknown sale that does not say the member is refused, and so is a request id used for another call"
  )
  func refused() async throws {
    let gateway = try await TestGateway()
    let sale = try await gateway.sale(to: gateway.registeredMember())
    let unknown = refund(gateway, sale)
    #expect(await refusal { _ = try await gateway.pos.refundOrder(unknown) } == "ORDER_NOT_FOUND")
    _ = try await gateway.pos.checkout(sale)
    var reused = refund(gateway, sale, member: sale.memberID, store: "store-2")
    reused.requestID = sale.requestID
    let used = reused
    #expect(await refusal { _ = try await gateway.pos.refundOrder(used) } == "REQUEST_ID_REUSED")
  }

  @Test("a return that does not fit its sale is refused with the line and what is left of it")
  func misfits() async throws {
    let gateway = try await TestGateway()
    var sale = try await gateway.sale(to: gateway.registeredMember(), lines: [1_000, 2_000])
    sale.lines[1].quantityThousandths = 0
    _ = try await gateway.pos.checkout(sale)
    for (line, reason) in [
      (PosV1.ReturnedLine(line: 2), "NO_SUCH_LINE"), (.init(line: 0, quantityThousandths: 1_001), "MORE_THAN_LEFT"),
      (.init(line: 0, amount: try await gateway.money(1_001)), "MORE_THAN_LEFT"),
      (.init(line: 1, quantityThousandths: 1), "SOLD_WITHOUT_QUANTITY"),
      (.init(line: 0, amount: .init(currencyCode: "USD", minorUnits: 1)), "CURRENCY_MISMATCH"),
      (.init(line: -1), "OUT_OF_RANGE"),
    ] {
      let wrong = request(gateway, sale, line)
      #expect(await refusal { _ = try await gateway.pos.returnLines(wrong) } == reason)
    }
    let nothing = request(gateway, sale)
    #expect(await refusal { _ = try await gateway.pos.returnLines(nothing) } == "TOO_FEW")
  }
}
