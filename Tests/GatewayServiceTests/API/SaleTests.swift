import Basics
import CommonProto
import Messages
import PosProto
import RPC
import ServiceKit
import Testing

@testable import GatewayService

@Suite("Checking a sale")
struct SaleTests {
  private static let now: Int64 = 1_767_225_600_000_000
  private static let requestID = "019b76da-a800-7abc-8def-0123456789ab"

  private let request = PosV1.CheckoutRequest(
    requestID: requestID,
    memberID: "0190a5b0-7c1e-7123-b456-ba9876543210",
    storeID: "store-1",
    receiptNumber: "4711",
    occurredAt: GoogleProtobuf.Timestamp(unixMicroseconds: now),
    lines: [
      CommonV1.OrderLine(productID: "1", amount: CommonV1.Money(currencyCode: "CNY", minorUnits: 1_000)),
      CommonV1.OrderLine(productID: "2", amount: CommonV1.Money(currencyCode: "CNY", minorUnits: 234)),
    ]
  )

  private func sale(_ change: (inout PosV1.CheckoutRequest) -> Void = { _ in }) throws -> Sale {
    var request = request
    change(&request)
    return try Sale(request, times: RequestTimes(clock: .fixed(unixMicroseconds: Self.now)))
  }

  private func refusedFields(_ change: (inout PosV1.CheckoutRequest) -> Void) -> [String] {
    do {
      _ = try sale(change)
      return []
    } catch let error as RPCError {
      for case .badRequest(let request) in error.details { return request.fieldViolations.map(\.field) }
      return []
    } catch {
      return []
    }
  }

  @Test("the lines are added up")
  func gross() throws {
    #expect(try sale().gross == CommonV1.Money(currencyCode: "CNY", minorUnits: 1_234))
  }

  @Test("a sale without a time happened at the time in its request id, whenever it is sent")
  func time() throws {
    let sale = try sale { $0.occurredAt = nil }
    #expect(sale.occurredAt.unixMicroseconds == Self.now)
  }

  @Test("everything that is wrong is named at once")
  func all() {
    let fields = refusedFields { request in
      request.requestID = "x"
      request.memberID = ""
      request.storeID = ""
      request.receiptNumber = String(repeating: "9", count: 65)
      request.pointsToRedeem = -1
      request.lines[1].amount = nil
      request.couponIDs = ["y"]
    }
    #expect(
      fields == [
        "request_id", "member_id", "store_id", "receipt_number", "lines[1].amount", "coupon_ids[0]", "points_to_redeem",
      ]
    )
  }

  @Test("a request id must be of version 7")
  func version() {
    #expect(refusedFields { $0.requestID = "6f2e8e4e-7f2b-4d5a-9f0e-0123456789ab" } == ["request_id"])
  }

  @Test("there are 1 to 1,000 lines")
  func lineCount() {
    #expect(refusedFields { $0.lines = [] } == ["lines"])
    #expect(refusedFields { $0.lines = Array(repeating: $0.lines[0], count: 1_001) } == ["lines"])
    #expect(refusedFields { $0.lines = Array(repeating: $0.lines[0], count: 1_000) } == [])
  }

  @Test("amounts and quantities are not negative")
  func negative() {
    #expect(refusedFields { $0.lines[1].amount?.minorUnits = -1 } == ["lines[1].amount.minor_units"])
    #expect(refusedFields { $0.lines[0].quantityThousandths = -1 } == ["lines[0].quantity_thousandths"])
  }

  @Test("all lines are in one currency, which has a code")
  func currency() {
    #expect(refusedFields { $0.lines[1].amount?.currencyCode = "USD" } == ["lines[1].amount.currency_code"])
    #expect(
      refusedFields { request in
        for index in request.lines.indices { request.lines[index].amount?.currencyCode = "yuan" }
      } == ["lines[0].amount.currency_code"]
    )
  }

  @Test("a sum beyond all money is refused")
  func overflow() {
    #expect(refusedFields { $0.lines[0].amount?.minorUnits = .max } == ["lines[0].amount.minor_units"])
    #expect(refusedFields { $0.lines[0].amount?.minorUnits = ContractLimits.minorUnitsMaximum } == ["lines"])
  }

  @Test("texts are limited, counted in characters")
  func lengths() {
    #expect(refusedFields { $0.lines[0].productID = "" } == ["lines[0].product_id"])
    #expect(refusedFields { $0.lines[0].description = String(repeating: "奶", count: 200) } == [])
    #expect(refusedFields { $0.lines[0].description = String(repeating: "奶", count: 201) } == ["lines[0].description"])
    #expect(refusedFields { $0.lines[0].category = "a\u{0}b" } == ["lines[0].category"])
  }

  @Test("a coupon is given once, however its id is written")
  func coupons() {
    let coupon = "0190a5b0-7c1e-7123-b456-ba98765432ff"
    #expect(refusedFields { $0.couponIDs = [coupon, coupon.uppercased()] } == ["coupon_ids[1]"])
    #expect(refusedFields { $0.couponIDs = Array(repeating: "", count: 21) }.first == "coupon_ids")
  }

  @Test("a sale may have happened five minutes ahead of our clock, not more")
  func future() {
    let ahead = Self.now + 300_000_000
    #expect(refusedFields { $0.occurredAt = GoogleProtobuf.Timestamp(unixMicroseconds: ahead) } == [])
    #expect(
      refusedFields { $0.occurredAt = GoogleProtobuf.Timestamp(unixMicroseconds: ahead + 1_000) } == ["occurred_at"]
    )
  }
}
