import Basics
import Foundation
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyAPI {
  func transfer(
    _ request: LoyaltyV1.TransferRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.TransferResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let from = fields.uuid("from_member_id", request.fromMemberID)
    let to = fields.uuid("to_member_id", request.toMemberID)
    let amount = fields.number("amount", request.amount, 0...Self.amountAllowed.upperBound)
    fields.check(from != to || from == .zero, "to_member_id", reason: FieldReason.same, "name another member")
    try fields.throwIfAny()
    let asset = try await asset(request.asset)
    let answer = try await submit(
      LedgerRequest(
        id: requestID,
        digest: try PayloadDigest(of: request).bytes,
        member: from,
        command: .transfer(
          Transfer(asset: asset.id, isMoney: asset.kind.isMoney, to: to, amount: amount == 0 ? nil : amount)
        )
      )
    )
    guard case .moved(let recorded) = answer else { throw BrokenInvariant("a transfer was answered otherwise") }
    return .init(transaction: LoyaltyV1.Transaction(recorded, id: requestID, asset: asset.code))
  }
}
