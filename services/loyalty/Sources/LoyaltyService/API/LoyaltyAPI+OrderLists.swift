import Foundation
import Logging
import LoyaltyProto
import Postgres
import RPC
import ServiceKit

extension LoyaltyAPI {
  func postOrders(
    _ request: LoyaltyV1.PostOrdersRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostOrdersResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    fields.count("orders", request.orders.count, ContractLimits.orders)
    try fields.throwIfAny()
    let submitted = request.orders.map { SubmittedOrder($0, to: self, for: context) }
    var outcomes: [LoyaltyV1.PostOrderOutcome] = []
    var failures = InternalFailures()
    for order in submitted { outcomes.append(await order.outcome(&failures)) }
    failures.log(to: logger, context.method)
    return .init(outcomes: outcomes)
  }

  func streamOrders(
    _ requests: RequestStream<LoyaltyV1.StreamOrdersRequest>,
    responses: ResponseWriter<LoyaltyV1.StreamOrdersResponse>,
    context: ServerContext
  ) async throws {
    let window = OrderWindow(limit: settings.streamWindowMaximum)
    try await context.stream(
      reading: {
        for try await request in requests {
          try await window.reserve()
          window.append(SubmittedOrder(request.order ?? .init(), to: self, for: context))
        }
      },
      answering: {
        for await order in window.orders {
          var failures = InternalFailures()
          let outcome = await order.outcome(&failures)
          failures.log(to: logger, context.method)
          try await responses.write(.init(outcome: outcome))
          window.makeRoom()
        }
      },
      closing: window.close
    )
  }
}

/// A receipt of many that waits for the ledger, or that was refused before.
struct SubmittedOrder: Sendable {
  private let requestID: String
  private let submission: Result<(request: LedgerRequest, answer: PendingAnswer), any Error>

  /// Submits it at once.
  init(_ order: LoyaltyV1.PostOrderRequest, to api: LoyaltyAPI, for context: ServerContext) {
    requestID = order.requestID
    submission = Result {
      let request = try api.posting(order)
      return (request, api.ledger.enqueue(request, for: context))
    }
  }

  /// Its outcome, once that is durable.
  func outcome(_ failures: inout InternalFailures) async -> LoyaltyV1.PostOrderOutcome {
    do {
      let (request, answer) = try submission.get()
      do {
        return .init(requestID: requestID, result: .posted(try LoyaltyV1.PostOrderResponse(try await answer.value)))
      } catch {
        throw LoyaltyAPI.callerError(error, of: request)
      }
    } catch {
      return .init(requestID: requestID, result: .refused(LoyaltyV1.Refusal(error, &failures)))
    }
  }
}

extension LoyaltyV1.Refusal {
  /// The error that a call of its own would have ended with.
  ///
  /// - Parameter failures: Counts it if the service itself failed.
  init(_ error: any Error, _ failures: inout InternalFailures) {
    let status: RPCError
    switch error {
    case let error as RPCError: status = error
    case is CancellationError: status = CommonReason.cancelled.error(domain: LoyaltyReason.domain)
    case let error as PostgresError:
      failures.count(error)
      status = error.rpcError(domain: LoyaltyReason.domain)
    default:
      failures.count(error)
      status = RPCError(code: .internalError, message: "The service failed; its log says how.")
    }
    self.init(
      code: Int32(status.code.rawValue),
      message: status.message,
      reason: status.info?.reason ?? "",
      metadata: status.info?.metadata ?? [:]
    )
  }
}

/// What the service itself failed with while it answered many requests of one call, for one line in the log. What failed in
/// the ledger is logged there, once for each of its batches.
struct InternalFailures {
  private var count = 0
  private var first: (any Error)?

  /// Counts a failure.
  mutating func count(_ error: any Error) {
    count += 1
    first = first ?? error
  }

  /// Logs how many failed, and the text of the first; nothing if none did.
  func log(to logger: Logger, _ method: MethodDescriptor) {
    guard let first else { return }
    logger.error(
      "requests of a call failed",
      metadata: ["rpc.method": "\(method.fullName)", "requests": "\(count)", "error": "\(ErrorText.of(first))"]
    )
  }
}
