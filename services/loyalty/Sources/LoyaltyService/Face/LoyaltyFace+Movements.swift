import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyFace {
  /// The most that one call moves: far from where sums of 64 bits end.
  private static let amountAllowed: ClosedRange<Int64> = 1...1_000_000_000_000

  func credit(
    _ request: LoyaltyV1.CreditRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CreditResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestId = fields.requestID(request.requestId)
    let memberId = fields.uuid("member_id", request.memberId)
    let amount = fields.number("amount", request.amount, Self.amountAllowed)
    let day = fields.day("expires_on", request.expiresOn, earliest: calendar.time(clock.now).today)
    try fields.throwIfAny()
    let movement = Movement(
      asset: try asset(request.asset),
      amount: amount,
      direction: .credit(expiresOn: day)
    )
    return .init(transaction: try await move(movement, requestId, memberId, try PayloadDigest(of: request)))
  }

  func debit(
    _ request: LoyaltyV1.DebitRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.DebitResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestId = fields.requestID(request.requestId)
    let memberId = fields.uuid("member_id", request.memberId)
    let amount = fields.number("amount", request.amount, Self.amountAllowed)
    try fields.throwIfAny()
    let movement = Movement(asset: try asset(request.asset), amount: amount, direction: .debit)
    return .init(transaction: try await move(movement, requestId, memberId, try PayloadDigest(of: request)))
  }

  private func asset(_ code: String) throws -> AssetID {
    guard code.isEmpty || code == AssetID.pointsCode else {
      throw LoyaltyReason.assetNotFound.error(metadata: ["asset": code])
    }
    return .points
  }

  private func move(
    _ movement: Movement,
    _ requestId: UUID,
    _ memberId: UUID,
    _ digest: PayloadDigest
  ) async throws -> LoyaltyV1.Transaction {
    let answer = try await submit(
      LedgerRequest(id: requestId, digest: digest.bytes, member: memberId, command: .move(movement))
    )
    guard case .moved(let recorded) = answer else { throw BrokenInvariant("a movement was answered otherwise") }
    return LoyaltyV1.Transaction(recorded, id: requestId)
  }
}

extension LoyaltyV1.Transaction {
  /// What a request did, as callers see it.
  init(_ recorded: RecordedRequest, id: UUID) {
    self.init(
      transactionId: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: Date(Instant(rawValue: recorded.entries[0].sequence))),
      postings: recorded.entries.map { entry in
        LoyaltyV1.Posting(
          type: LoyaltyV1.EntryType(entry.posting.type),
          asset: AssetID.pointsCode,
          amount: entry.posting.amount,
          available: entry.posting.available
        )
      }
    )
  }
}

extension AssetID {
  /// What callers call the programme's spendable points.
  fileprivate static let pointsCode = "points"
}

extension FieldChecks {
  /// A day of the programme's calendar; empty means never.
  fileprivate mutating func day(_ field: String, _ text: String, earliest: Day) -> Day {
    guard !text.isEmpty else { return .never }
    let day = Day(text)
    check(day != nil, field, reason: FieldReason.notADay, "give a day as 2027-12-31, or leave it empty")
    check(day ?? earliest >= earliest, field, reason: FieldReason.dayIsOver, "give today or a later day")
    return day ?? .never
  }
}
