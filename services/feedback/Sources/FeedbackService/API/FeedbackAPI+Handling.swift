import Basics
import FeedbackProto
import Foundation
import Postgres
import RPC
import ServiceKit

extension FeedbackAPI {
  func assignFeedback(
    _ request: FeedbackV1.AssignFeedbackRequest,
    context: ServerContext
  ) async throws -> FeedbackV1.AssignFeedbackResponse {
    var fields = FieldChecks(domain: FeedbackReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let id = fields.uuid("feedback_id", request.feedbackID)
    let assignee = fields.identifier("assignee", request.assignee, .assignee)
    try fields.throwIfAny()

    return try await idempotency.once(requestID, request) { transaction in
      let feedback = try await handle(id, .assign(to: assignee), etag: request.etag, in: transaction)
      return FeedbackV1.AssignFeedbackResponse(feedback: feedback.message)
    }
  }

  func resolveFeedback(
    _ request: FeedbackV1.ResolveFeedbackRequest,
    context: ServerContext
  ) async throws -> FeedbackV1.ResolveFeedbackResponse {
    var fields = FieldChecks(domain: FeedbackReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let id = fields.uuid("feedback_id", request.feedbackID)
    let resolution = fields.words("resolution", request.resolution, ContractLimits.resolution)
    try fields.throwIfAny()

    return try await idempotency.once(requestID, request) { transaction in
      let feedback = try await handle(id, .resolve(because: resolution), etag: request.etag, in: transaction)
      return FeedbackV1.ResolveFeedbackResponse(feedback: feedback.message)
    }
  }

  private func handle(
    _ id: UUID,
    _ handling: Handling,
    etag: String,
    in transaction: Transaction
  ) async throws -> Feedback {
    guard var feedback = try await store.lock(id, in: transaction) else {
      throw FeedbackReason.feedbackNotFound.error()
    }
    let change: FeedbackChange
    do {
      change = try feedback.handle(handling, etag: etag.isEmpty ? nil : etag, at: clock.now)
    } catch .etagMismatch {
      throw FeedbackReason.etagMismatch.error(metadata: ["etag": feedback.etag])
    } catch .resolved {
      throw FeedbackReason.feedbackResolved.error()
    }
    try await store.update(feedback, in: transaction)
    try await announce(change, of: feedback, in: transaction)
    return feedback
  }
}
