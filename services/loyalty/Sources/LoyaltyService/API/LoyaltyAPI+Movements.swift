import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

extension LoyaltyAPI {
  /// What one call moves.
  static let amountAllowed: ClosedRange<Int64> = 1...ContractLimits.pointsMaximum
  /// How far ahead points may become spendable.
  private static let pendingMaximum = Duration.days(3_660)

  func credit(
    _ request: LoyaltyV1.CreditRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CreditResponse {
    .init(transaction: try await move(try await movement(request)))
  }

  /// What a credit asks of the ledger.
  func movement(_ request: LoyaltyV1.CreditRequest) async throws -> MovementCommand {
    let now = clock.now
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let amount = fields.checks.number("amount", request.amount, Self.amountAllowed)
    let day = fields.checks.day("expires_on", request.expiresOn, earliest: calendar.time(now).today)
    let activation = fields.checks.activation(request.pendingUntil, from: now, to: now + Self.pendingMaximum)
    return try await command(request, fields, request.asset, only: .points) {
      .credit(amount, expiresOn: day, activates: activation)
    }
  }

  func debit(
    _ request: LoyaltyV1.DebitRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.DebitResponse {
    .init(transaction: try await move(try await movement(request)))
  }

  /// What a debit asks of the ledger.
  func movement(_ request: LoyaltyV1.DebitRequest) async throws -> MovementCommand {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let amount = fields.checks.number("amount", request.amount, Self.amountAllowed)
    return try await command(request, fields, request.asset) { .debit(amount) }
  }

  func activatePending(
    _ request: LoyaltyV1.ActivatePendingRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ActivatePendingResponse {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let pendingID = fields.checks.uuid("pending_id", request.pendingID)
    return .init(
      transaction: try await move(try await command(request, fields, request.asset) { .activate(pendingID) })
    )
  }

  func cancelPending(
    _ request: LoyaltyV1.CancelPendingRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CancelPendingResponse {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let pendingID = fields.checks.uuid("pending_id", request.pendingID)
    return .init(transaction: try await move(try await command(request, fields, request.asset) { .cancel(pendingID) }))
  }

  func deposit(
    _ request: LoyaltyV1.DepositRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.DepositResponse {
    .init(transaction: try await move(try await movement(request)))
  }

  /// What a deposit asks of the ledger.
  func movement(_ request: LoyaltyV1.DepositRequest) async throws -> MovementCommand {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let amount = fields.checks.number("amount", request.amount, Self.amountAllowed)
    let bonus = fields.checks.number("bonus_amount", request.bonusAmount, 0...Self.amountAllowed.upperBound)
    let day = fields.checks.day(
      "bonus_expires_on",
      request.bonusExpiresOn,
      earliest: calendar.time(clock.now).today
    )
    return try await command(request, fields, request.asset, only: .money) {
      .deposit(amount, bonus: bonus, bonusExpiresOn: day)
    }
  }

  func withdraw(
    _ request: LoyaltyV1.WithdrawRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.WithdrawResponse {
    .init(transaction: try await move(try await movement(request)))
  }

  /// What a withdrawal asks of the ledger.
  func movement(_ request: LoyaltyV1.WithdrawRequest) async throws -> MovementCommand {
    var fields = MovementFields(request.requestID, request.memberID, requestTimes)
    let amount = fields.checks.number("amount", request.amount, Self.amountAllowed)
    return try await command(request, fields, request.asset, only: .money) { .withdraw(amount) }
  }
}

extension FieldChecks {
  fileprivate mutating func activation(
    _ until: LoyaltyV1.CreditRequest.OneOfPendingUntil?,
    from now: Date,
    to latest: Date
  ) -> Activation? {
    switch until {
    case nil: return nil
    case .activatedByCall(let isSaid):
      check(isSaid, "activated_by_call", reason: .required, "say true, or leave the field out")
      return .onEvent
    case .availableAt(let timestamp):
      let date = timestamp as GoogleProtobuf.Timestamp?
      let moment = self.timestamp("available_at", date)
      check(
        moment > now && moment <= latest,
        "available_at",
        reason: FieldReason.notAhead,
        "give a moment that is still to come, within ten years"
      )
      return .at(Instant(moment))
    }
  }
}

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
