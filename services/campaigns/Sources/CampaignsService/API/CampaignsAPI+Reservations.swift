import Basics
import CampaignsProto
import Foundation
import RPC
import ServiceKit

extension CampaignsAPI {
  func getReservation(
    _ request: CampaignsV1.GetReservationRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.GetReservationResponse {
    let reservation = try await known(request.reservationID)
    return CampaignsV1.GetReservationResponse(reservation: CampaignsV1.Reservation(reservation))
  }

  func redeemReservation(
    _ request: CampaignsV1.RedeemReservationRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.RedeemReservationResponse {
    var reservation = try await known(request.reservationID)
    if !reservation.status.isPosted {
      let reservationID = reservation.reservationID
      guard try await settlement.ledger.isPosted(reservation.orderID, with: reservationID),
        let redeemed = try await settlement.redeem(reservationID)
      else {
        throw CampaignsReason.orderNotPosted.error(metadata: ["order_id": reservation.orderID.text])
      }
      reservation = redeemed
    }
    return CampaignsV1.RedeemReservationResponse(reservation: CampaignsV1.Reservation(reservation))
  }

  func releaseReservation(
    _ request: CampaignsV1.ReleaseReservationRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.ReleaseReservationResponse {
    let reservationID = try await known(request.reservationID).reservationID
    guard let reservation = try await settlement.close(reservationID), reservation.status == .released else {
      throw CampaignsReason.orderPosted.error(metadata: ["reservation_id": reservationID.text])
    }
    return CampaignsV1.ReleaseReservationResponse(reservation: CampaignsV1.Reservation(reservation))
  }

  private func known(_ text: String) async throws -> Reservation {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    let reservationID = fields.uuid("reservation_id", text)
    try fields.throwIfAny()
    guard let reservation = try await reservations.reservation(reservationID) else {
      throw CampaignsReason.reservationNotFound.error(metadata: ["reservation_id": reservationID.text])
    }
    return reservation
  }
}
