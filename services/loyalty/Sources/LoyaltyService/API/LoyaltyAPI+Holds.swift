import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

extension LoyaltyAPI {
  func hold(
    _ request: LoyaltyV1.HoldRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.HoldResponse {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let amount = fields.checks.number("amount", request.amount, Self.amountAllowed)
    let allowed = .microseconds(1)...settings.holdTimeToLiveMaximum
    let timeToLive = fields.checks.duration("time_to_live", request.timeToLive, allowed) ?? settings.holdTimeToLive
    return .init(
      transaction: try await move(
        try await command(request, fields, request.asset) { .hold(amount, timeToLive: timeToLive) }
      )
    )
  }

  func captureHold(
    _ request: LoyaltyV1.CaptureHoldRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CaptureHoldResponse {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let holdID = fields.checks.uuid("hold_id", request.holdID)
    let amount = fields.checks.number("amount", request.amount, 0...Self.amountAllowed.upperBound)
    return .init(
      transaction: try await move(
        try await command(request, fields, request.asset) {
          .capture(holdID, amount == 0 ? nil : amount, keepsRest: request.keepRest)
        }
      )
    )
  }

  func releaseHold(
    _ request: LoyaltyV1.ReleaseHoldRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ReleaseHoldResponse {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let holdID = fields.checks.uuid("hold_id", request.holdID)
    return .init(transaction: try await move(try await command(request, fields, request.asset) { .release(holdID) }))
  }
}
