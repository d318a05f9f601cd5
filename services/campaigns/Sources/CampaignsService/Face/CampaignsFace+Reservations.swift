import Foundation
import PatronAPI
import RPC
import ServiceKit

extension CampaignsFace {
  func getReservation(
    _ request: CampaignsV1.GetReservationRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.GetReservationResponse {
    let reservation = try await known(request.reservationId)
    return CampaignsV1.GetReservationResponse(reservation: CampaignsV1.Reservation(reservation))
  }

  func redeemReservation(
    _ request: CampaignsV1.RedeemReservationRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.RedeemReservationResponse {
    var reservation = try await known(request.reservationId)
    if !reservation.status.isPosted {
      let reservationId = reservation.reservationId
      guard try await settlement.ledger.isPosted(reservation.orderId, with: reservationId),
        let redeemed = try await settlement.redeem(reservationId)
      else {
        throw CampaignsReason.orderNotPosted.error(metadata: ["order_id": reservation.orderId.text])
      }
      reservation = redeemed
    }
    return CampaignsV1.RedeemReservationResponse(reservation: CampaignsV1.Reservation(reservation))
  }

  func releaseReservation(
    _ request: CampaignsV1.ReleaseReservationRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.ReleaseReservationResponse {
    let reservationId = try await known(request.reservationId).reservationId
    guard let reservation = try await settlement.close(reservationId), reservation.status == .released else {
      throw CampaignsReason.orderPosted.error(metadata: ["reservation_id": reservationId.text])
    }
    return CampaignsV1.ReleaseReservationResponse(reservation: CampaignsV1.Reservation(reservation))
  }

  private func known(_ text: String) async throws -> Reservation {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    let reservationId = fields.uuid("reservation_id", text)
    try fields.throwIfAny()
    guard let reservation = try await reservations.reservation(reservationId) else {
      throw CampaignsReason.reservationNotFound.error(metadata: ["reservation_id": reservationId.text])
    }
    return reservation
  }
}
