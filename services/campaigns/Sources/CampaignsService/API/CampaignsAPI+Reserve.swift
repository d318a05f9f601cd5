import Basics
import CampaignsProto
import Foundation
import RPC
import ServiceKit

extension CampaignsAPI {
  /// The greatest number of attempts of a request after others changed what it read. In each attempt another request
  /// succeeded.
  private static let attemptsMaximum = 20

  func reserveCoupons(
    _ request: CampaignsV1.ReserveCouponsRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.ReserveCouponsResponse {
    let command = try ReserveCouponsCommand(request, defaultTimeToLive: timeToLive, times: requestTimes)
    for _ in 0..<Self.attemptsMaximum {
      let existing = try await reservations.reservation(ofOrder: command.orderID)
      let reservation =
        if let existing { try await repeatReservation(existing, command) } else { try await reserve(command) }
      if let reservation {
        let held = Set(reservation.discounts.map(\.couponID))
        return CampaignsV1.ReserveCouponsResponse(
          reservation: CampaignsV1.Reservation(reservation),
          unusedCouponIDs: command.couponIDs.filter { !held.contains($0) }.map(\.text)
        )
      }
    }
    throw CommonReason.conflict.error()
  }

  /// Handles an order that has a reservation. Returns nil to try again.
  private func repeatReservation(_ reservation: Reservation, _ command: ReserveCouponsCommand) async throws
    -> Reservation?
  {
    guard reservation.requestDigest == command.digest.bytes else {
      throw PayloadDigest.reused(
        requestID: command.orderID,
        stored: reservation.requestDigest,
        given: command.digest.bytes,
        domain: CampaignsReason.domain
      )
    }
    switch ReservationLifecycle(reservation.status).reserveAgain() {
    case .answerAgain: return reservation
    case .prolong:
      return try await reservations.prolong(reservation.reservationID, until: clock.now + command.timeToLive)
    case .settleFirst:
      _ = try await settlement.close(reservation.reservationID)
      return nil
    case .reserveAnew: return nil
    }
  }

  /// Reserves coupons that are not held for the order. Returns nil to try again.
  private func reserve(_ command: ReserveCouponsCommand) async throws -> Reservation? {
    let (coupons, standing) = try await coupons.coupons(command.couponIDs, of: command.memberID)
    // A member with coupons and without known standing has no known suspension either.
    if let standing { try requireCoupons(for: command.memberID, in: standing) }
    let byID = Dictionary(uniqueKeysWithValues: coupons.map { ($0.couponID, $0) })
    let application: CouponApplication
    do {
      let held = byID.mapValues { $0.held(clockBehindMaximum: tillClockBehindMaximum) }
      application = try CouponApplication(command.couponIDs, of: held, to: command.order)
    } catch {
      if try await isOutOfDate(error, byID[error.couponID]?.hold, command) { return nil }
      throw error.error
    }
    let now = clock.now
    let reservation = Reservation(
      reservationID: ids.next(),
      orderID: command.orderID,
      memberID: command.memberID,
      discounts: application.discounts,
      currencyCode: command.order.currencyCode,
      requestDigest: command.digest.bytes,
      status: .active,
      expiresAt: now + command.timeToLive
    )
    let seen = application.discounts.map { byID[$0.couponID]?.hold?.reservationID }
    return try await reservations.insert(reservation, seen: seen, now: now) ? reservation : nil
  }

  /// Returns whether a held coupon may be free by now: the same order has just reserved it, or its reservation expired
  /// and the job has not settled it yet. Then it is settled here.
  private func isOutOfDate(
    _ refusal: CouponRefusal,
    _ hold: Coupon.Hold?,
    _ command: ReserveCouponsCommand
  ) async throws -> Bool {
    guard let hold else { return false }
    switch refusal.reason {
    case .reserved where hold.orderID == command.orderID, .redeemed where hold.orderID == command.orderID: return true
    case .reserved where hold.expiresAt <= clock.now: break
    default: return false
    }
    return try await settlement.close(hold.reservationID)?.status == .released
  }
}
