import Basics
import Foundation
import LoyaltyProto
import Postgres
import RPC
import ServiceKit

extension LoyaltyAPI {
  func updateProgramme(
    _ request: LoyaltyV1.UpdateProgrammeRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.UpdateProgrammeResponse {
    let command = try UpdateProgrammeCommand(request, times: requestTimes)
    return try await idempotency.once(command.requestID, request) { transaction in
      let programme = try await change(command, in: transaction)
      let answer = LoyaltyV1.Programme(programme)
      let event = LoyaltyV1.LoyaltyEvent(
        recordedAt: answer.updatedAt,
        kind: .programmeUpdated(LoyaltyV1.ProgrammeUpdated(programme: answer))
      )
      try await events.append(event, key: "programme", in: transaction)
      return LoyaltyV1.UpdateProgrammeResponse(programme: answer)
    }
  }

  private func change(_ command: UpdateProgrammeCommand, in transaction: Transaction) async throws -> Programme {
    let programme = try await programmes.locked(in: transaction)
    guard command.etag == programme.etag else {
      throw LoyaltyReason.etagMismatch.error(metadata: ["etag": programme.etag])
    }
    var changed = programme.applying(command.change)
    if changed.currencyCode != programme.currencyCode,
      try await programmes.hasOrdersHeldOff(in: transaction)
    {
      throw LoyaltyReason.currencyInUse.error(metadata: ["currency_code": programme.currencyCode])
    }
    changed.version += 1
    changed.updatedAt = clock.now
    try await programmes.write(changed, in: transaction)
    return changed
  }
}
