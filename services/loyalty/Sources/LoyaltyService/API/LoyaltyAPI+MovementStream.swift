import Basics
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

extension LoyaltyAPI {
  func streamMovements(
    _ requests: RequestStream<LoyaltyV1.StreamMovementsRequest>,
    responses: ResponseWriter<LoyaltyV1.StreamMovementsResponse>,
    context: ServerContext
  ) async throws {
    let window = MovementWindow(limit: settings.streamWindowMaximum)
    try await context.stream(
      reading: {
        for try await request in requests {
          for movement in request.movements {
            try await window.begin()
            await begin(movement, of: context, in: window)
          }
        }
      },
      answering: {
        defer { window.abandon() }
        while let finished = await window.take() {
          var failures = InternalFailures()
          let outcomes = finished.map { outcome($0, &failures) }
          failures.log(to: logger, context.method)
          try await responses.write(.init(outcomes: outcomes))
        }
      },
      closing: window.close
    )
  }

  /// Begins a movement.
  private func begin(_ movement: LoyaltyV1.Movement, of context: ServerContext, in window: MovementWindow) async {
    let number = movement.number
    do {
      switch movement.action {
      case .credit(let request): submit(try await self.movement(request), number, context, window)
      case .debit(let request): submit(try await self.movement(request), number, context, window)
      case .deposit(let request): submit(try await self.movement(request), number, context, window)
      case .withdraw(let request): submit(try await self.movement(request), number, context, window)
      case .getBalance(let request): try await read(request, number, context, window)
      case nil:
        var fields = FieldChecks(domain: LoyaltyReason.domain)
        fields.check(false, "action", reason: .required, "say what to do")
        try fields.throwIfAny()
      }
    } catch {
      window.finish(number, .refused(error))
    }
  }

  private func submit(
    _ movement: MovementCommand,
    _ number: UInt64,
    _ context: ServerContext,
    _ window: MovementWindow
  ) {
    ledger.enqueue(movement.request, for: context) { window.finish(number, .moved(movement, $0)) }
  }

  /// Reads a balance: of points as it is now, after the member's movements before it; every other one by itself.
  private func read(
    _ request: LoyaltyV1.GetBalanceRequest,
    _ number: UInt64,
    _ context: ServerContext,
    _ window: MovementWindow
  ) async throws {
    guard request.asOf == nil, request.asset.isEmpty || request.asset == Asset.points.code else {
      return window.finish(number, .balance(try await balance(request)))
    }
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let member = fields.uuid("member_id", request.memberID)
    try fields.throwIfAny()
    let reading = LedgerRequest(id: .zero, digest: [], member: member, command: .read(.points))
    ledger.enqueue(reading, for: context) { window.finish(number, .read(member, $0)) }
  }

  /// The outcome of a movement as the caller gets it.
  private func outcome(
    _ finished: MovementWindow.Finished,
    _ failures: inout InternalFailures
  ) -> LoyaltyV1.MovementOutcome {
    do {
      switch finished.outcome {
      case .moved(let movement, .success(let answer)):
        return .init(number: finished.number, result: .moved(try movement.transaction(answer)))
      case .moved(let movement, .failure(let error)): throw Self.callerError(error, of: movement.request)
      case .read(let member, .success(.read(let account))):
        guard let account else { throw LoyaltyReason.accountNotFound.error(metadata: ["member_id": member.text]) }
        try account.checkSound()
        return .init(number: finished.number, result: .balance(current(account, of: member, .points)))
      case .read(_, .success): throw BrokenInvariant("a reading was answered otherwise")
      case .read(_, .failure(let error)): throw Self.callerError(error)
      case .balance(let balance): return .init(number: finished.number, result: .balance(balance))
      case .refused(let error): throw error
      }
    } catch {
      return .init(number: finished.number, result: .refused(LoyaltyV1.Refusal(error, &failures)))
    }
  }
}
