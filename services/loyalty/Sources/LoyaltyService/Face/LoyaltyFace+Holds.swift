import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyFace {
  func hold(
    _ request: LoyaltyV1.HoldRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.HoldResponse {
    var fields = MovementFields(request.requestId, request.memberId, requestTimes)
    let amount = fields.checks.number("amount", request.amount, Self.amountAllowed)
    let allowed = .microseconds(1)...settings.holdTimeToLiveMaximum
    let timeToLive = fields.checks.duration("time_to_live", request.timeToLive, allowed) ?? settings.holdTimeToLive
    return .init(
      transaction: try await move(
        try await checked(request, fields, request.asset) { .hold(amount, timeToLive: timeToLive) }
      )
    )
  }

  func captureHold(
    _ request: LoyaltyV1.CaptureHoldRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CaptureHoldResponse {
    var fields = MovementFields(request.requestId, request.memberId, requestTimes)
    let holdId = fields.checks.uuid("hold_id", request.holdId)
    let amount = fields.checks.number("amount", request.amount, 0...Self.amountAllowed.upperBound)
    return .init(
      transaction: try await move(
        try await checked(request, fields, request.asset) {
          .capture(holdId, amount == 0 ? nil : amount, keepsRest: request.keepRest)
        }
      )
    )
  }

  func releaseHold(
    _ request: LoyaltyV1.ReleaseHoldRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ReleaseHoldResponse {
    var fields = MovementFields(request.requestId, request.memberId, requestTimes)
    let holdId = fields.checks.uuid("hold_id", request.holdId)
    return .init(transaction: try await move(try await checked(request, fields, request.asset) { .release(holdId) }))
  }
}
