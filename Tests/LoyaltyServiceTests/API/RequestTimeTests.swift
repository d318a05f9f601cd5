import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@Suite("The time that a request id is dated by")
struct RequestTimeTests {
  @Test("may be as far ahead of the service's clock as clocks are allowed to be, and no further")
  func ahead() async throws {
    try await LoyaltyHarness.with { loyalty in
      let now = WallClock.system.unixMicroseconds
      func open(aheadSeconds: Int64) async throws {
        let ids = UUIDv7Generator(clock: .fixed(unixMicroseconds: now + aheadSeconds * 1_000_000))
        _ = try await loyalty.client.openAccount(.init(requestID: ids.next().text, memberID: UUID().text))
      }
      try await open(aheadSeconds: 290)
      let refusal = await expectReason("REQUEST_ID_IN_FUTURE") { try await open(aheadSeconds: 400) }
      #expect(refusal?.code == .invalidArgument)
      #expect(refusal?.fieldViolations.map(\.field) == ["request_id"])
    }
  }

  @Test("may be long past: a till that was offline posts late")
  func late() async throws {
    try await LoyaltyHarness.with { loyalty in
      let ids = UUIDv7Generator(clock: .fixed(unixMicroseconds: 1_500_000_000_000_000))
      let member = try await loyalty.openAccount()
      var request = LoyaltyV1.PostOrderRequest.sample(member, 700)
      request.requestID = ids.next().text
      let answer = try await loyalty.client.postOrder(request)
      #expect(try await loyalty.client.postOrder(request) == answer)
      #expect(try await loyalty.balance(of: member).points == 7)
    }
  }
}
