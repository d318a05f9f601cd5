import Basics
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

extension LoyaltyAPI {
  func adjust(
    _ request: LoyaltyV1.AdjustRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.AdjustResponse {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let size = Self.amountAllowed.upperBound
    let amount = fields.checks.number("amount", request.amount, -size...size)
    fields.checks.check(amount != 0, "amount", reason: .outOfRange, "give a number other than 0")
    let day = fields.checks.day("expires_on", request.expiresOn, earliest: calendar.time(clock.now).today)
    let adjustment = Movement.Adjustment(
      reason: fields.checks.words("reason", request.reason, ContractLimits.reason),
      staffID: fields.checks.identifier("staff_id", request.staffID, .staff),
      approverID: fields.checks.identifier("approver_id", request.approverID, .staff, optional: true)
    )
    fields.checks.check(
      adjustment.approverID.isEmpty || !adjustment.approverID.isSameToPeople(as: adjustment.staffID),
      "approver_id",
      reason: FieldReason.same,
      "nobody approves a correction of their own"
    )
    try fields.checks.throwIfAny()
    try approve(amount, adjustment)
    return .init(
      transaction: try await move(
        try await command(request, fields, request.asset, by: adjustment) {
          amount > 0 ? .give(amount, expiresOn: day) : .take(-amount)
        }
      )
    )
  }

  /// Refuses a correction that is too large for who makes it.
  private func approve(_ amount: Int64, _ adjustment: Movement.Adjustment) throws {
    let size = abs(amount)
    if size > settings.adjustmentApprovedMaximum {
      throw LoyaltyReason.adjustmentTooLarge.error(
        metadata: ["amount": "\(size)", "approved_maximum": "\(settings.adjustmentApprovedMaximum)"]
      )
    }
    if size > settings.adjustmentFreeMaximum, adjustment.approverID.isEmpty {
      throw LoyaltyReason.approvalNeeded.error(
        metadata: ["amount": "\(size)", "free_maximum": "\(settings.adjustmentFreeMaximum)"]
      )
    }
  }
}
