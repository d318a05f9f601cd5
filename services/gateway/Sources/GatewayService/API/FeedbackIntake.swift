import AppProto
import Basics
import FeedbackProto
import Foundation
import RPC
import ServiceKit

/// Submits members' feedback.
struct FeedbackIntake {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func submit(_ request: AppV1.SubmitFeedbackRequest) async throws -> AppV1.SubmitFeedbackResponse {
    let (memberID, category) = try check(request)
    let response = try await UpstreamCall.Feedback.submit {
      try await upstreams.feedback.submitFeedback(
        FeedbackV1.SubmitFeedbackRequest(
          requestID: request.requestID,
          memberID: memberID.text,
          storeID: request.storeID,
          receiptNumber: request.receiptNumber,
          category: category,
          text: request.text
        )
      )
    }
    guard let feedback = response.feedback else { throw UpstreamCall.Feedback.submit.incomplete }
    return AppV1.SubmitFeedbackResponse(feedbackID: feedback.feedbackID, submittedAt: feedback.submittedAt)
  }

  private func check(
    _ request: AppV1.SubmitFeedbackRequest
  ) throws -> (memberID: UUID, category: FeedbackV1.FeedbackCategory) {
    var fields = FieldChecks(domain: GatewayReason.domain)
    _ = fields.requestID(request.requestID, requestTimes)
    let memberID = fields.uuid("member_id", request.memberID)
    _ = fields.identifier("store_id", request.storeID, .store, optional: true)
    _ = fields.identifier("receipt_number", request.receiptNumber, .receipt, optional: true)
    if request.storeID.isEmpty, !request.receiptNumber.isEmpty {
      fields.refuse("store_id", reason: .required, "give the store that printed the receipt")
    }
    let category = request.category.ofFeedback
    if category == nil { fields.refuse("category", reason: .required, "give a category that is defined") }
    _ = fields.words("text", request.text, ContractLimits.feedbackText)
    try fields.throwIfAny()
    return (memberID, category ?? .other)
  }
}

extension AppV1.AppFeedbackCategory {
  /// Feedback's categories by those of the app. A test checks that they are complete.
  private static let ofFeedback: [AppV1.AppFeedbackCategory: FeedbackV1.FeedbackCategory] = [
    .productQuality: .productQuality, .service: .service, .hygiene: .hygiene, .billing: .billing,
    .suggestion: .suggestion, .other: .other,
  ]

  /// The category of feedback, nil for an undefined value.
  var ofFeedback: FeedbackV1.FeedbackCategory? { Self.ofFeedback[self] }
}
