import Basics
import Foundation
import Logging
import LoyaltyProto
import Postgres
import RPC
import ServiceKit

/// The calls of loyalty: requests become commands of the ledger, and what the ledger did becomes messages.
struct LoyaltyAPI: LoyaltyV1.LoyaltyService, FollowedService {
  let programmes: ProgrammeStore
  let accounts: AccountStore
  let log: LedgerLog
  let balances: AccountReader
  let orders: OrderStore
  let reservations: ReservationStore
  let assets: AssetRegister
  let events: EventLog
  let ledger: LedgerEngine
  let calendar: ProgrammeCalendar
  let idempotency: Idempotency
  let requestTimes: RequestTimes
  let pages: PageTokens
  let clock: WallClock
  let ids: UUIDv7Generator
  let settings: LoyaltySettings
  let logger: Logger

  func getProgramme(
    _ request: LoyaltyV1.GetProgrammeRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetProgrammeResponse {
    LoyaltyV1.GetProgrammeResponse(programme: LoyaltyV1.Programme(try await programmes.current()))
  }

  func openAccount(
    _ request: LoyaltyV1.OpenAccountRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.OpenAccountResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let memberID = fields.uuid("member_id", request.memberID)
    try fields.throwIfAny()
    let answer = try await submit(
      LedgerRequest(id: requestID, digest: try PayloadDigest(of: request).bytes, member: memberID, command: .open)
    )
    return LoyaltyV1.OpenAccountResponse(balance: LoyaltyV1.Balance(try AccountSummary(answer), of: memberID))
  }

  func resolveReservation(
    _ request: LoyaltyV1.ResolveReservationRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ResolveReservationResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let reservationID = fields.uuid("reservation_id", request.reservationID)
    try fields.throwIfAny()
    let fate = try await reservations.settle(reservationID, now: clock.now)
    return LoyaltyV1.ResolveReservationResponse(
      outcome: fate.outcome == .posted ? .posted : .voided,
      orderID: fate.orderID?.text ?? ""
    )
  }
}
