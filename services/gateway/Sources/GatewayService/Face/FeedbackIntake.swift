internal import Foundation
internal import PatronAPI
internal import RPC
internal import ServiceKit

/// Takes members' feedback in.
struct FeedbackIntake {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func submit(_ request: AppV1.SubmitFeedbackRequest) async throws -> AppV1.SubmitFeedbackResponse {
    let (memberID, category) = try check(request)
    _ = try await upstreams.member(memberID)
    let response = try await calling("feedback") {
      try await upstreams.feedback.submitFeedback(
        FeedbackV1.SubmitFeedbackRequest(
          requestId: request.requestId,
          memberId: memberID.text,
          storeId: request.storeId,
          receiptNumber: request.receiptNumber,
          category: category,
          text: request.text
        )
      )
    }
    guard let feedback = response.feedback else {
      throw GatewayReason.upstreamFailed.error(metadata: ["service": "feedback"])
    }
    return AppV1.SubmitFeedbackResponse(feedbackId: feedback.feedbackId, submittedAt: feedback.submittedAt)
  }

  private func check(
    _ request: AppV1.SubmitFeedbackRequest
  ) throws -> (memberID: UUID, category: FeedbackV1.FeedbackCategory) {
    var fields = FieldChecks(domain: GatewayReason.domain)
    _ = fields.requestID(request.requestId, requestTimes)
    let memberID = fields.uuid("member_id", request.memberId)
    _ = fields.identifier("store_id", request.storeId, .store, optional: true)
    _ = fields.identifier("receipt_number", request.receiptNumber, .receipt, optional: true)
    if request.storeId.isEmpty, !request.receiptNumber.isEmpty {
      fields.refuse("store_id", reason: "REQUIRED", "give the store that printed the receipt")
    }
    let category = FeedbackV1.FeedbackCategory(request.category)
    if category == nil { fields.refuse("category", reason: "REQUIRED", "give a category that is defined") }
    _ = fields.words("text", request.text, ContractLimits.feedbackText)
    try fields.throwIfAny()
    return (memberID, category ?? .other)
  }
}

extension FeedbackV1.FeedbackCategory {
  /// The category that feedback knows as the app's; nil if the app's is not defined.
  fileprivate init?(_ category: AppV1.AppFeedbackCategory) {
    switch category {
    case .productQuality: self = .productQuality
    case .service: self = .service
    case .hygiene: self = .hygiene
    case .billing: self = .billing
    case .suggestion: self = .suggestion
    case .other: self = .other
    default: return nil
    }
  }
}
