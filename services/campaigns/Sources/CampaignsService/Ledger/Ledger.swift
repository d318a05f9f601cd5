import Basics
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

/// Calls of campaigns to loyalty, the ledger, which alone knows which orders were posted.
struct Ledger: Sendable {
  let loyalty: LoyaltyV1.LoyaltyServiceClient

  /// Returns the final outcome of a reservation. If no order was posted with it, the ledger voids it now.
  func settle(_ reservationID: UUID) async throws -> ReservationLifecycle.LedgerFact {
    let request = LoyaltyV1.ResolveReservationRequest(reservationID: reservationID.text)
    let outcome = try await loyalty.resolveReservation(request).outcome
    switch outcome {
    case .posted: return .posted
    case .voided: return .voided
    default: throw RPCError(code: .internalError, message: "loyalty gave an outcome that is not known")
    }
  }

  /// Returns the currency of the programme and so of every order, ISO 4217.
  func currencyCode() async throws -> String {
    try await loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest()).programme?.currencyCode ?? ""
  }

  /// Returns whether an order was posted with a reservation so far. Decides nothing.
  func isPosted(_ orderID: UUID, with reservationID: UUID) async throws -> Bool {
    do {
      let order = try await loyalty.getOrder(LoyaltyV1.GetOrderRequest(key: .orderID(orderID.text))).order
      return order?.reservationID == reservationID.text
    } catch let error as RPCError where error.code == .notFound {
      return false
    }
  }
}
