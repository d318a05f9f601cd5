import Basics
import FeedbackProto
import Foundation
import RPC
import ServiceKit
import Testing

@testable import FeedbackService

@Suite("Submitting feedback")
struct SubmittingTests {
  @Test("answers with the stored feedback, open and unassigned")
  func answers() async throws {
    try await FeedbackUnderTest.with { feedback in
      let member = try await feedback.knownMember()
      let request = FeedbackV1.SubmitFeedbackRequest.new {
        $0.memberID = member
        $0.storeID = "S1"
        $0.receiptNumber = "R-1"
        $0.category = .productQuality
        $0.text = "牛奶过期了\n昨天买的 😀"
      }
      let kept = try #require(try await feedback.client.submitFeedback(request).feedback)
      #expect(UUID(uuidString: kept.feedbackID)?.version == 7)
      #expect(kept.memberID == request.memberID)
      #expect(kept.storeID == "S1")
      #expect(kept.receiptNumber == "R-1")
      #expect(kept.category == .productQuality)
      #expect(kept.text == request.text)
      #expect(kept.status == .open)
      #expect(kept.assignee.isEmpty)
      #expect(kept.submittedAt != nil && kept.submittedAt == kept.updatedAt)
      #expect(kept.resolvedAt == nil)
      let read = try await feedback.client.getFeedback(FeedbackV1.GetFeedbackRequest(feedbackID: kept.feedbackID))
      #expect(read.feedback == kept)
    }
  }

  @Test("needs neither a member nor a store")
  func needsLittle() async throws {
    try await FeedbackUnderTest.with { feedback in
      let kept = try #require(try await feedback.client.submitFeedback(.new()).feedback)
      #expect(kept.memberID.isEmpty)
      #expect(kept.storeID.isEmpty)
    }
  }

  @Test("gives the first answer again when the request comes again, also many times at once")
  func isIdempotent() async throws {
    try await FeedbackUnderTest.with { feedback in
      let request = FeedbackV1.SubmitFeedbackRequest.new()
      let answers = try await withThrowingTaskGroup(of: FeedbackV1.SubmitFeedbackResponse.self) { group in
        for _ in 0..<8 { group.addTask { try await feedback.client.submitFeedback(request) } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(answers.count == 1)
      #expect(try await feedback.count(of: "feedback") == 1)
      #expect(try await feedback.count(of: "event") == 1)
    }
  }

  @Test("names every field that is wrong, all at once")
  func namesWrongFields() async throws {
    try await FeedbackUnderTest.with { feedback in
      let request = FeedbackV1.SubmitFeedbackRequest(
        requestID: "1",
        memberID: "906",
        storeID: String(repeating: "S", count: 65),
        receiptNumber: String(repeating: "R", count: 65),
        text: String(repeating: "字", count: 4_001)
      )
      let error = try await refusal { try await feedback.client.submitFeedback(request) }
      #expect(error.code == .invalidArgument)
      #expect(
        Set(error.refusedFields) == ["request_id", "member_id", "store_id", "receipt_number", "category", "text"]
      )
    }
  }

  @Test("refuses a receipt without its store, an empty text, and a category that there is not")
  func refusesSenseless() async throws {
    try await FeedbackUnderTest.with { feedback in
      let receipt = try await refusal { try await feedback.client.submitFeedback(.new { $0.receiptNumber = "R-1" }) }
      #expect(receipt.refusedFields == ["store_id"])
      for text in ["", " \n\u{3000}"] {
        let blank = try await refusal { try await feedback.client.submitFeedback(.new { $0.text = text }) }
        #expect(blank.refusedFields == ["text"])
      }
      let unknown = try await refusal {
        try await feedback.client.submitFeedback(.new { $0.category = FeedbackV1.FeedbackCategory(rawValue: 99) })
      }
      #expect(unknown.refusedFields == ["category"])
    }
  }

  @Test("takes texts as long as the limit allows, in any script")
  func takesLongTexts() async throws {
    try await FeedbackUnderTest.with { feedback in
      let text = String(repeating: "字", count: 3_999) + "😀"
      let kept = try await feedback.client.submitFeedback(.new { $0.text = text }).feedback
      #expect(kept?.text == text)
    }
  }
}
