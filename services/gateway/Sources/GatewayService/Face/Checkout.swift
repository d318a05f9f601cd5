internal import PatronAPI
internal import RPC
internal import ServiceKit

/// Posts a sale: holds its coupons, then posts the order. Posting is the commit point; everything before it may be
/// repeated, and everything after it follows by itself from the ledger's events. So the gateway may die at any step: the
/// till sends the same request again, and it counts once.
struct Checkout {
  let upstreams: Upstreams
  let limits: CallLimits

  /// The upstreams' names of fields that are called otherwise in the till's request.
  private static let couponFields = FieldNames([
    "order_id": "request_id",
    "gross": "lines",
    "gross.currency_code": "lines[0].amount.currency_code",
    "time_to_live": "",
  ])
  private static let orderFields = FieldNames(["coupon_discounts": "coupon_ids", "reservation_id": ""])

  func post(_ sale: Sale) async throws -> PosV1.CheckoutResponse {
    var reservation = try await reserve(sale)
    var mayReserveAgain = reservation != nil
    var mayOpenAccount = true
    while true {
      do {
        return try await postOrder(sale, reservation)
      } catch let error as RPCError where error.isReservationVoided && mayReserveAgain {
        // It ran out on the way here. The coupons may still be free.
        mayReserveAgain = false
        reservation = try await reserveAnew(sale, instead: reservation)
      } catch let error as RPCError where error.isAccountNotFound && mayOpenAccount {
        mayOpenAccount = false
        try await openAccount(sale, reservation)
      } catch let error as RPCError {
        await giveBack(reservation, after: error)
        throw error
      }
    }
  }

  /// Holds the sale's coupons; nil if it has none. Reserving for the same order again gives the same discounts.
  private func reserve(_ sale: Sale) async throws -> CampaignsV1.Reservation? {
    guard !sale.request.couponIds.isEmpty else { return nil }
    let response = try await calling("campaigns", fields: Self.couponFields) {
      try await upstreams.campaigns.reserveCoupons(
        CampaignsV1.ReserveCouponsRequest(
          orderId: sale.requestID.text,
          memberId: sale.memberID.text,
          couponIds: sale.request.couponIds,
          gross: sale.gross,
          occurredAt: sale.occurredAt
        )
      )
    }
    guard let reservation = response.reservation else {
      throw GatewayReason.upstreamFailed.error(metadata: ["service": "campaigns"])
    }
    return reservation
  }

  /// Holds the coupons under a new reservation. Campaigns may not have heard yet that the ledger has voided the old one.
  private func reserveAnew(
    _ sale: Sale,
    instead voided: CampaignsV1.Reservation?
  ) async throws -> CampaignsV1.Reservation? {
    if let voided {
      _ = try await calling("campaigns", fields: FieldNames(["reservation_id": ""])) {
        try await upstreams.campaigns.releaseReservation(
          CampaignsV1.ReleaseReservationRequest(reservationId: voided.reservationId)
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
      requestId: sale.requestID.text,
      memberId: sale.memberID.text,
      storeId: sale.request.storeId,
      tillId: sale.request.tillId,
      receiptNumber: sale.request.receiptNumber,
      occurredAt: sale.occurredAt,
      lines: sale.request.lines,
      pointsToRedeem: sale.request.pointsToRedeem,
      couponDiscounts: reservation?.discounts ?? [],
      reservationId: reservation?.reservationId ?? ""
    )
    let posted = try await calling("loyalty", fields: Self.orderFields) {
      try await upstreams.loyalty.postOrder(request)
    }
    guard let order = posted.order else {
      throw GatewayReason.upstreamFailed.error(metadata: ["service": "loyalty"])
    }
    return PosV1.CheckoutResponse(
      orderId: order.orderId,
      gross: order.gross,
      couponDiscounts: order.couponDiscounts,
      pointsDiscount: order.pointsDiscount,
      payable: order.payable,
      pointsEarned: order.pointsEarned,
      pointsRedeemed: order.pointsRedeemed,
      balancePoints: posted.balancePoints
    )
  }

  /// Opens the account of a member whom the ledger does not know yet, if there is such a member in good standing.
  private func openAccount(_ sale: Sale, _ reservation: CampaignsV1.Reservation?) async throws {
    do {
      let member = try await upstreams.member(sale.memberID)
      guard member.status != .suspended else { throw GatewayReason.memberSuspended.error() }
      try await upstreams.openAccount(of: sale.memberID, for: sale.requestID)
    } catch let error as RPCError {
      await giveBack(reservation, after: error)
      throw error
    }
  }

  /// Gives the coupons of a refused sale back, so that the next sale may use them at once. Campaigns asks the ledger
  /// first, so this can't take coupons from an order that was posted after all; if it fails, they free themselves later.
  private func giveBack(_ reservation: CampaignsV1.Reservation?, after error: RPCError) async {
    let refusals: [StatusCode] = [.invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange]
    guard let reservation, refusals.contains(error.code) else { return }
    _ = try? await upstreams.campaigns.releaseReservation(
      CampaignsV1.ReleaseReservationRequest(reservationId: reservation.reservationId),
      options: CallOptions(timeout: limits.releaseTimeout)
    )
  }
}
