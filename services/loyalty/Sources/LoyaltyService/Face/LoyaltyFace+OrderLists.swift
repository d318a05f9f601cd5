import Foundation
import PatronAPI
import Postgres
import RPC
import ServiceKit

extension LoyaltyFace {
  func postOrders(
    _ request: LoyaltyV1.PostOrdersRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostOrdersResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    fields.count("orders", request.orders.count, 1...1_000)
    try fields.throwIfAny()
    let submitted = request.orders.map { SubmittedOrder($0, to: self) }
    var outcomes: [LoyaltyV1.PostOrderOutcome] = []
    for order in submitted { outcomes.append(await order.outcome()) }
    return .init(outcomes: outcomes)
  }

  func streamOrders(
    _ requests: RequestStream<LoyaltyV1.StreamOrdersRequest>,
    responses: ResponseWriter<LoyaltyV1.StreamOrdersResponse>,
    context: ServerContext
  ) async throws {
    let window = OrderWindow(limit: settings.streamWindowMaximum)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { window.finish() }
        for try await request in requests.untilDrain() {
          try await window.waitForRoom()
          window.append(SubmittedOrder(request.order ?? .init(), to: self))
        }
      }
      for await order in window.orders {
        try await responses.write(.init(outcome: await order.outcome()))
        window.makeRoom()
      }
      try await group.waitForAll()
    }
  }
}

/// A receipt of many that is in line, or that was refused before it came there.
struct SubmittedOrder: Sendable {
  private let requestId: String
  private let submission: Result<(request: LedgerRequest, answer: PendingAnswer), any Error>

  /// Puts it in line at once.
  init(_ order: LoyaltyV1.PostOrderRequest, to face: LoyaltyFace) {
    requestId = order.requestId
    submission = Result {
      let request = try face.posting(order)
      return (request, face.ledger.enqueue(request))
    }
  }

  /// What became of it, once that is durable.
  func outcome() async -> LoyaltyV1.PostOrderOutcome {
    do {
      let (request, answer) = try submission.get()
      do {
        return .init(requestId: requestId, result: .posted(try LoyaltyFace.posted(try await answer.value)))
      } catch {
        throw LoyaltyFace.said(error, of: request)
      }
    } catch {
      return .init(requestId: requestId, result: .refused(LoyaltyV1.Refusal(error)))
    }
  }
}

extension LoyaltyV1.Refusal {
  /// The error that a call of its own would have ended with.
  init(_ error: any Error) {
    let status =
      switch error {
      case let error as RPCError: error
      case let error as PostgresError: error.rpcError(domain: LoyaltyReason.domain)
      default: RPCError(code: .internalError, message: "The service failed; its log says how.")
      }
    self.init(
      code: Int32(status.code.rawValue),
      message: status.message,
      reason: status.info?.reason ?? "",
      metadata: status.info?.metadata ?? [:]
    )
  }
}
