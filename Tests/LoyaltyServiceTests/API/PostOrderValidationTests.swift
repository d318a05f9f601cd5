import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("PostOrder says which field is wrong and why (M19)")
struct PostOrderValidationTests {
  private func violations(
    _ change: (inout LoyaltyV1.PostOrderRequest) -> Void
  ) -> [BadRequest.FieldViolation] {
    var request = LoyaltyV1.PostOrderRequest.sample(UUID(), 100)
    change(&request)
    do {
      _ = try PostOrderCommand(request, times: RequestTimes(.forTesting(aheadMaximum: .zero), clock: .system))
      return []
    } catch {
      return (error as? RPCError)?.fieldViolations ?? []
    }
  }

  private func expect(
    _ field: String,
    _ reason: String,
    _ change: (inout LoyaltyV1.PostOrderRequest) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let violations = violations(change)
    #expect(violations.map(\.field) == [field], sourceLocation: sourceLocation)
    #expect(violations.map(\.reason) == [reason], sourceLocation: sourceLocation)
  }

  @Test("accepts a receipt that is in order")
  func accepts() {
    #expect(violations { _ in }.isEmpty)
  }

  @Test("ids: the request's is a UUIDv7, the member's any UUID")
  func ids() {
    expect("request_id", "NOT_UUIDV7") { $0.requestID = UUID().text }
    expect("member_id", "NOT_UUID") { $0.memberID = "42" }
    expect("member_id", "REQUIRED") { $0.memberID = "" }
  }

  @Test("store, till and receipt number")
  func places() {
    expect("store_id", "REQUIRED") { $0.storeID = "" }
    expect("till_id", "TOO_LONG") { $0.tillID = String(repeating: "x", count: 65) }
    expect("receipt_number", "REQUIRED") { $0.receiptNumber = "" }
  }

  @Test("when the sale happened")
  func time() {
    expect("occurred_at", "REQUIRED") { $0.occurredAt = nil }
    expect("occurred_at", "IN_FUTURE") { $0.occurredAt = GoogleProtobuf.Timestamp(date: .now + 60) }
  }

  @Test("lines: how many, and each field of each")
  func lines() {
    expect("lines", "TOO_FEW") { $0.lines = [] }
    expect("lines", "TOO_MANY") { $0.lines = Array(repeating: $0.lines[0], count: 1_001) }
    expect("lines[0].product_id", "REQUIRED") { $0.lines[0].productID = "" }
    expect("lines[0].description", "TOO_LONG") { $0.lines[0].description = String(repeating: "x", count: 201) }
    expect("lines[0].quantity_thousandths", "OUT_OF_RANGE") { $0.lines[0].quantityThousandths = -1 }
    expect("lines[0].amount", "REQUIRED") { $0.lines[0].amount = nil }
    expect("lines[0].amount.minor_units", "OUT_OF_RANGE") { $0.lines[0].amount?.minorUnits = -1 }
  }

  @Test("points to redeem are neither negative nor more than anybody has")
  func points() {
    for points in [-100, .min, .max, ContractLimits.pointsMaximum + 1] {
      expect("points_to_redeem", "OUT_OF_RANGE") { $0.pointsToRedeem = points }
    }
  }

  @Test("a receipt in disguise is refused, and so is one from long ago (M8)")
  func disguised() {
    for text in ["R-1 ", " R-1", "R-1\u{200B}", "R-1\u{A0}", "R-1\n"] {
      expect("receipt_number", "IDENTIFIER_INVALID") { $0.receiptNumber = text }
      expect("store_id", "IDENTIFIER_INVALID") { $0.storeID = text }
      expect("till_id", "IDENTIFIER_INVALID") { $0.tillID = text }
      expect("lines[0].product_id", "IDENTIFIER_INVALID") { $0.lines[0].productID = text }
    }
    expect("occurred_at", "TOO_OLD") { $0.occurredAt = GoogleProtobuf.Timestamp(seconds: -62_135_596_800) }
  }

  @Test("amounts are in a currency in use, and have a most")
  func amounts() {
    expect("lines[0].amount.currency_code", "NOT_CURRENCY_CODE") { $0.lines[0].amount?.currencyCode = "QQQ" }
    expect("coupon_discounts[0].discount.currency_code", "NOT_CURRENCY_CODE") {
      $0 = $0.with(discount: 1, reservation: UUID())
      $0.couponDiscounts[0].discount?.currencyCode = String(repeating: "C", count: 100_000)
    }
    expect("coupon_discounts[0].discount.minor_units", "OUT_OF_RANGE") {
      $0 = $0.with(discount: .max, reservation: UUID())
    }
  }

  @Test("coupons: each once, with their reservation; no reservation without coupons")
  func coupons() {
    expect("coupon_discounts[1].coupon_id", "REPEATED") {
      $0 = $0.with(discount: 1, reservation: UUID())
      $0.couponDiscounts.append($0.couponDiscounts[0])
    }
    expect("coupon_discounts[0].discount", "REQUIRED") {
      $0 = $0.with(discount: 1, reservation: UUID())
      $0.couponDiscounts[0].discount = nil
    }
    expect("reservation_id", "REQUIRED") {
      $0 = $0.with(discount: 1, reservation: UUID())
      $0.reservationID = ""
    }
    expect("reservation_id", "RESERVATION_WITHOUT_COUPONS") { $0.reservationID = UUID().text }
  }

  @Test("everything that is wrong is reported at once")
  func collects() {
    let violations = violations {
      $0.requestID = ""
      $0.storeID = ""
      $0.lines[0].amount = nil
    }
    #expect(violations.map(\.field) == ["request_id", "store_id", "lines[0].amount"])
  }

  @Test("what only the programme can judge is refused by field, too (M1)")
  func programme() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 500)
      func error(_ change: (inout LoyaltyV1.PostOrderRequest) -> Void) async -> RPCError? {
        var request = LoyaltyV1.PostOrderRequest.sample(member, 300)
        change(&request)
        return await #expect(throws: RPCError.self) { try await loyalty.client.postOrder(request) }
      }
      let foreign = await error { $0.lines[0].amount?.currencyCode = "USD" }
      #expect(foreign?.code == .invalidArgument)
      #expect(foreign?.info?.reason == "CURRENCY_MISMATCH")
      #expect(foreign?.fieldViolations.first?.field == "lines[0].amount.currency_code")
      #expect(await error { $0.pointsToRedeem = 150 }?.info?.reason == "POINTS_NOT_MULTIPLE")
      #expect(await error { $0.pointsToRedeem = 400 }?.info?.reason == "POINTS_EXCEED_PAYABLE")
      #expect(
        await error { $0 = $0.with(discount: 301, reservation: UUID()) }?.info?.reason == "COUPONS_EXCEED_GROSS"
      )
      #expect(
        await error {
          $0.lines += [$0.lines[0]]; $0.lines[1].amount?.minorUnits = ContractLimits.minorUnitsMaximum
        }?.info?.reason
          == "TOO_LARGE"
      )
    }
  }
}
