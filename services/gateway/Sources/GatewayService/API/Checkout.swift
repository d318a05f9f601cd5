import Basics
import CampaignsProto
import CommonProto
import LoyaltyProto
import PosProto
import RPC
import ServiceKit

/// Posts a sale: holds its coupons, then posts the order. Posting is the commit point. Everything before it may be
/// repeated, and everything after it follows from the ledger's events. So the gateway may die at any step: the till
/// sends the same request again, and it counts once.
struct Checkout {
  let upstreams: Upstreams
  let limits: CallLimits

  func post(_ sale: Sale) async throws -> PosV1.CheckoutResponse {
    var reservation = try await reserve(sale)
    var mayReserveAgain = reservation != nil
    var mayOpenAccount = true
    while true {
      do {
        return try await postOrder(sale, reservation)
      } catch let error as RPCError where GatewayReason.couponsNotHeld.matches(error) && mayReserveAgain {
        // It expired on the way here. The coupons may still be free.
        mayReserveAgain = false
        reservation = try await reserveAnew(sale, instead: reservation)
      } catch let error as RPCError where error.isAccountNotFound && mayOpenAccount {
        mayOpenAccount = false
        try await openAccount(sale, reservation)
      } catch let error as RPCError {
        await releaseCoupons(reservation, after: error)
        throw error
      }
    }
  }

  /// Holds the sale's coupons. Returns nil if it has none. Reserving for the same order again gives the same discounts.
  private func reserve(_ sale: Sale) async throws -> CampaignsV1.Reservation? {
    guard !sale.request.couponIDs.isEmpty else { return nil }
    let call = UpstreamCall.Checkout.reserve
    do {
      let response = try await call {
        try await upstreams.campaigns.reserveCoupons(
          CampaignsV1.ReserveCouponsRequest(
            orderID: sale.requestID.text,
            memberID: sale.memberID.text,
            couponIDs: sale.request.couponIDs,
            gross: sale.gross,
            occurredAt: sale.occurredAt
          )
        )
      }
      guard let reservation = response.reservation else { throw call.incomplete }
      return reservation
    } catch let error as RPCError where error.info?.reason == "CURRENCY_MISMATCH" {
      try await checkCurrency(of: sale)
      throw error
    }
  }

  /// Throws when the sale's lines have another currency than the programme, because then the coupons' currency is not
  /// at fault. Campaigns does not know the programme.
  private func checkCurrency(of sale: Sale) async throws {
    let programme = try await UpstreamCall.Checkout.programme {
      try await upstreams.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest())
    }.programme
    guard let programme, programme.currencyCode != sale.gross.currencyCode else { return }
    var fields = FieldChecks(domain: GatewayReason.domain)
    for index in sale.request.lines.indices {
      fields.refuse(
        "lines[\(index)].amount.currency_code",
        reason: .currencyMismatch,
        "the programme's receipts are in \(programme.currencyCode)"
      )
    }
    try fields.throwIfAny()
  }

  /// Holds the coupons under a new reservation. Campaigns may not have heard yet that the ledger has voided the old
  /// one.
  private func reserveAnew(
    _ sale: Sale,
    instead voided: CampaignsV1.Reservation?
  ) async throws -> CampaignsV1.Reservation? {
    if let voided {
      _ = try await UpstreamCall.Checkout.release {
        try await upstreams.campaigns.releaseReservation(
          CampaignsV1.ReleaseReservationRequest(reservationID: voided.reservationID)
        )
      }
    }
    return try await reserve(sale)
  }

  private func postOrder(
    _ sale: Sale,
    _ reservation: CampaignsV1.Reservation?
  ) async throws -> PosV1.CheckoutResponse {
    let request = LoyaltyV1.PostOrderRequest(
      requestID: sale.requestID.text,
      memberID: sale.memberID.text,
      storeID: sale.request.storeID,
      tillID: sale.request.tillID,
      receiptNumber: sale.request.receiptNumber,
      occurredAt: sale.occurredAt,
      lines: sale.request.lines,
      pointsToRedeem: sale.request.pointsToRedeem,
      couponDiscounts: reservation?.discounts ?? [],
      reservationID: reservation?.reservationID ?? ""
    )
    let call = UpstreamCall.Checkout.post
    let posted = try await call { try await upstreams.loyalty.postOrder(request) }
    guard let order = posted.order else { throw call.incomplete }
    let used = Set(order.couponDiscounts.map(\.couponID))
    return PosV1.CheckoutResponse(
      orderID: order.orderID,
      gross: order.gross,
      couponDiscounts: order.couponDiscounts,
      pointsDiscount: order.pointsDiscount,
      payable: order.payable,
      pointsEarned: order.pointsEarned,
      pointsRedeemed: order.pointsRedeemed,
      balancePoints: posted.balancePoints,
      unusedCouponIDs: sale.request.couponIDs.map { $0.lowercased() }.filter { !used.contains($0) }
    )
  }

  /// Opens the account of an existing member whom the ledger does not know yet.
  private func openAccount(_ sale: Sale, _ reservation: CampaignsV1.Reservation?) async throws {
    do {
      try await upstreams.openAccount(of: sale.memberID, for: sale.requestID, UpstreamCall.Checkout.account)
    } catch let error as RPCError {
      await releaseCoupons(reservation, after: error)
      throw error
    }
  }

  /// Releases the coupons of a refused sale, so that the next sale may use them at once. Campaigns asks the ledger
  /// first, so coupons of a posted order stay redeemed. If this fails, the reservation expires by itself.
  private func releaseCoupons(_ reservation: CampaignsV1.Reservation?, after error: RPCError) async {
    let refusals: [StatusCode] = [.invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange]
    guard let reservation, refusals.contains(error.code) else { return }
    _ = try? await upstreams.campaigns.releaseReservation(
      CampaignsV1.ReleaseReservationRequest(reservationID: reservation.reservationID),
      options: CallOptions(timeout: limits.releaseTimeout)
    )
  }
}
