import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The fate of a coupon reservation is settled once (M11)")
struct ReservationOutcomeTests {
  private func resolve(
    _ reservation: UUID,
    _ loyalty: LoyaltyHarness
  ) async throws -> LoyaltyV1.ResolveReservationResponse {
    try await loyalty.client.resolveReservation(.init(reservationID: reservation.text))
  }

  @Test("an order was posted with it: that is the answer, however often it is asked (M11)")
  func posted() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let reservation = UUID()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 1, reservation: reservation)
      _ = try await loyalty.client.postOrder(request)
      for _ in 0..<2 {
        let response = try await resolve(reservation, loyalty)
        #expect(response.outcome == .posted)
        #expect(response.orderID == request.requestID)
      }
    }
  }

  @Test("asked first, it is voided: the order is refused, and posts under the same id with another reservation (M11)")
  func voided() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let reservation = UUID()
      let response = try await resolve(reservation, loyalty)
      #expect(response.outcome == .voided)
      #expect(response.orderID.isEmpty)
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 1, reservation: reservation)
      let error = await expectReason("RESERVATION_VOIDED") { try await loyalty.client.postOrder(request) }
      #expect(error?.code == .failedPrecondition)
      request.reservationID = UUID().text
      #expect(try await loyalty.client.postOrder(request).order?.reservationID == request.reservationID)
      #expect(try await resolve(reservation, loyalty).outcome == .voided)
    }
  }

  @Test("a reservation pays one order only (C1)")
  func onlyOneOrder() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let reservation = UUID()
      let first = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 1, reservation: reservation)
      _ = try await loyalty.client.postOrder(first)
      let second = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 1, reservation: reservation)
      let error = await expectReason("RESERVATION_ALREADY_POSTED") { try await loyalty.client.postOrder(second) }
      #expect(error?.info?.metadata["order_id"] == first.requestID)
    }
  }

  @Test("a posting and a question racing: both see the same fate (M11)")
  func racing() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for _ in 0..<30 {
        let reservation = UUID()
        let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 1, reservation: reservation)
        async let asked = resolve(reservation, loyalty).outcome
        let isPosted: Bool
        do {
          _ = try await loyalty.client.postOrder(request)
          isPosted = true
        } catch let error as RPCError {
          #expect(error.info?.reason == "RESERVATION_VOIDED")
          isPosted = false
        }
        #expect(try await asked == (isPosted ? .posted : .voided))
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("many questions at once get one answer (M11)")
  func askedAtOnce() async throws {
    try await LoyaltyHarness.with { loyalty in
      let reservation = UUID()
      let outcomes = try await atOnce(16) { _ in try await resolve(reservation, loyalty).outcome }
      #expect(Set(outcomes) == [.voided])
    }
  }
}
