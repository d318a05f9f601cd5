import Foundation
import PatronAPI
import RPC
import ServiceKit

/// What campaigns asks loyalty, the ledger that alone knows which orders were posted.
struct Ledger: Sendable {
  let loyalty: LoyaltyV1.LoyaltyServiceClient

  /// What became of a reservation, for ever: if no order was posted with it, the ledger voids it now.
  func settle(_ reservationID: UUID) async throws -> ReservationLifecycle.LedgerFact {
    let request = LoyaltyV1.ResolveReservationRequest(reservationID: reservationID.text)
    let outcome = try await loyalty.resolveReservation(request).outcome
    switch outcome {
    case .posted: return .posted
    case .voided: return .voided
    default: throw RPCError(code: .internalError, message: "loyalty gave an outcome that is not known")
    }
  }

  /// The currency of the programme, ISO 4217: that of every order.
  func currencyCode() async throws -> String {
    try await loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest()).programme?.currencyCode ?? ""
  }

  /// Whether an order was posted with a reservation, so far. Asking decides nothing.
  func isPosted(_ orderID: UUID, with reservationID: UUID) async throws -> Bool {
    do {
      let order = try await loyalty.getOrder(LoyaltyV1.GetOrderRequest(key: .orderID(orderID.text))).order
      return order?.reservationID == reservationID.text
    } catch let error as RPCError where error.code == .notFound {
      return false
    }
  }
}
