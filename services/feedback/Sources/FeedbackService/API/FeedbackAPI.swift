import Basics
import FeedbackProto
import FollowedMembers
import RPC
import ServiceKit

/// The API of feedback: validates requests, calls the domain and the store, and translates in both directions.
struct FeedbackAPI: FeedbackV1.FeedbackService, FollowedService {
  let store: FeedbackStore
  let members: KnownMembers
  let events: EventLog
  let idempotency: Idempotency
  let requestTimes: RequestTimes
  let pages: PageTokens
  /// The limit in bytes of the texts on a page of feedback.
  let pageBytes: PageBudget
  let clock: WallClock
  let ids: UUIDv7Generator

  func submitFeedback(
    _ request: FeedbackV1.SubmitFeedbackRequest,
    context: ServerContext
  ) async throws -> FeedbackV1.SubmitFeedbackResponse {
    var fields = FieldChecks(domain: FeedbackReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let submission = fields.submission(request)
    try fields.throwIfAny()

    return try await members.asking {
      try await idempotency.once(requestID, request) { transaction in
        // In any standing, because a suspended member may give feedback, too.
        if let memberID = submission.memberID { _ = try await members.standing(of: memberID, in: transaction) }
        let feedback = Feedback(submitting: submission, id: ids.next(), at: clock.now)
        try await store.insert(feedback, in: transaction)
        try await announce(.submitted, of: feedback, in: transaction)
        return FeedbackV1.SubmitFeedbackResponse(feedback: feedback.message)
      }
    }
  }

  func getFeedback(
    _ request: FeedbackV1.GetFeedbackRequest,
    context: ServerContext
  ) async throws -> FeedbackV1.GetFeedbackResponse {
    var fields = FieldChecks(domain: FeedbackReason.domain)
    let id = fields.uuid("feedback_id", request.feedbackID)
    try fields.throwIfAny()
    guard let feedback = try await store.find(id) else { throw FeedbackReason.feedbackNotFound.error() }
    return FeedbackV1.GetFeedbackResponse(feedback: feedback.message)
  }
}

extension FieldChecks {
  fileprivate mutating func submission(_ request: FeedbackV1.SubmitFeedbackRequest) -> Submission {
    check(
      request.receiptNumber.isEmpty || !request.storeID.isEmpty,
      "store_id",
      reason: .required,
      "name the store that printed the receipt"
    )
    return Submission(
      memberID: optionalUUID("member_id", request.memberID),
      storeID: optionalIdentifier("store_id", request.storeID, .store),
      receiptNumber: optionalIdentifier("receipt_number", request.receiptNumber, .receipt),
      category: category("category", request.category),
      text: words("text", request.text, ContractLimits.feedbackText)
    )
  }
}
