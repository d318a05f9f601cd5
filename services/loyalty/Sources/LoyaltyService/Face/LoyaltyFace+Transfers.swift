import Foundation
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyFace {
  func transfer(
    _ request: LoyaltyV1.TransferRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.TransferResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestId = fields.requestID(request.requestId, requestTimes)
    let from = fields.uuid("from_member_id", request.fromMemberId)
    let to = fields.uuid("to_member_id", request.toMemberId)
    let amount = fields.number("amount", request.amount, 0...Self.amountAllowed.upperBound)
    fields.check(from != to || from == .zero, "to_member_id", reason: FieldReason.same, "name another member")
    try fields.throwIfAny()
    let asset = try await asset(request.asset)
    let answer = try await submit(
      LedgerRequest(
        id: requestId,
        digest: try PayloadDigest(of: request).bytes,
        member: from,
        command: .transfer(
          Transfer(asset: asset.id, isMoney: asset.kind.isMoney, to: to, amount: amount == 0 ? nil : amount)
        )
      )
    )
    guard case .moved(let recorded) = answer else { throw BrokenInvariant("a transfer was answered otherwise") }
    return .init(transaction: LoyaltyV1.Transaction(recorded, id: requestId, asset: asset.code))
  }
}
