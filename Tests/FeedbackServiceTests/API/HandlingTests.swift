import FeedbackProto
import Foundation
import RPC
import Testing

@testable import FeedbackService

@Suite("Handling feedback")
struct HandlingTests {
  private func submitted(_ feedback: FeedbackUnderTest) async throws -> FeedbackV1.Feedback {
    try #require(try await feedback.client.submitFeedback(.new()).feedback)
  }

  private func assign(
    _ feedback: FeedbackV1.Feedback,
    to assignee: String,
    etag: String = ""
  ) -> FeedbackV1.AssignFeedbackRequest {
    FeedbackV1.AssignFeedbackRequest(
      requestID: newRequestID(),
      feedbackID: feedback.feedbackID,
      assignee: assignee,
      etag: etag
    )
  }

  private func resolve(
    _ feedback: FeedbackV1.Feedback,
    _ resolution: String = "已道歉",
    etag: String = ""
  ) -> FeedbackV1.ResolveFeedbackRequest {
    FeedbackV1.ResolveFeedbackRequest(
      requestID: newRequestID(),
      feedbackID: feedback.feedbackID,
      resolution: resolution,
      etag: etag
    )
  }

  @Test("assigns it, reassigns it, and closes it with a reason")
  func goesThroughItsLife() async throws {
    try await FeedbackUnderTest.with { feedback in
      let open = try await submitted(feedback)
      let first = try #require(try await feedback.client.assignFeedback(assign(open, to: "张")).feedback)
      #expect(first.status == .assigned)
      let second = try #require(
        try await feedback.client.assignFeedback(assign(open, to: "王", etag: first.etag)).feedback
      )
      #expect(second.assignee == "王")
      let closed = try #require(try await feedback.client.resolveFeedback(resolve(open, etag: second.etag)).feedback)
      #expect(closed.status == .resolved)
      #expect(closed.resolution == "已道歉")
      #expect(closed.assignee == "王")
      #expect(closed.resolvedAt != nil)
      #expect(closed.text == open.text)
      let read = try await feedback.client.getFeedback(FeedbackV1.GetFeedbackRequest(feedbackID: open.feedbackID))
      #expect(read.feedback == closed)
    }
  }

  @Test("is refused once it is closed, unless the same request comes again")
  func refusesClosed() async throws {
    try await FeedbackUnderTest.with { feedback in
      let open = try await submitted(feedback)
      let request = resolve(open)
      let answer = try await feedback.client.resolveFeedback(request)
      #expect(try await feedback.client.resolveFeedback(request) == answer)
      let assigning = try await refusal { try await feedback.client.assignFeedback(assign(open, to: "张")) }
      let resolving = try await refusal { try await feedback.client.resolveFeedback(resolve(open)) }
      for error in [assigning, resolving] {
        #expect(error.code == .failedPrecondition)
        #expect(error.info?.reason == "FEEDBACK_RESOLVED")
        #expect(error.info?.domain == "feedback.patron")
      }
    }
  }

  @Test("is refused when another call was first")
  func refusesOldEtag() async throws {
    try await FeedbackUnderTest.with { feedback in
      let open = try await submitted(feedback)
      _ = try await feedback.client.assignFeedback(assign(open, to: "张", etag: open.etag))
      let error = try await refusal {
        try await feedback.client.resolveFeedback(resolve(open, etag: open.etag))
      }
      #expect(error.code == .aborted)
      #expect(error.info?.reason == "ETAG_MISMATCH")
    }
  }

  @Test("lets one of many close it")
  func letsOneWin() async throws {
    try await FeedbackUnderTest.with { feedback in
      let open = try await submitted(feedback)
      let outcomes = await withTaskGroup(of: String.self) { group in
        for number in 0..<12 {
          let request = resolve(open, "\(number)")
          group.addTask {
            do {
              _ = try await feedback.client.resolveFeedback(request)
              return "resolved"
            } catch {
              return (error as? RPCError)?.info?.reason ?? "\(error)"
            }
          }
        }
        return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      }
      #expect(outcomes == ["resolved": 1, "FEEDBACK_RESOLVED": 11])
    }
  }

  @Test("names every field that is wrong")
  func namesWrongFields() async throws {
    try await FeedbackUnderTest.with { feedback in
      let assigning = try await refusal {
        try await feedback.client.assignFeedback(
          FeedbackV1.AssignFeedbackRequest(feedbackID: "x", assignee: String(repeating: "张", count: 101))
        )
      }
      #expect(Set(assigning.refusedFields) == ["request_id", "feedback_id", "assignee"])
      let resolving = try await refusal {
        try await feedback.client.resolveFeedback(FeedbackV1.ResolveFeedbackRequest(resolution: " "))
      }
      #expect(Set(resolving.refusedFields) == ["request_id", "feedback_id", "resolution"])
    }
  }

  @Test("finds no feedback")
  func saysNone() async throws {
    try await FeedbackUnderTest.with { feedback in
      let nothing = FeedbackV1.Feedback(feedbackID: newRequestID())
      let errors = [
        try await refusal { try await feedback.client.assignFeedback(assign(nothing, to: "张")) },
        try await refusal { try await feedback.client.resolveFeedback(resolve(nothing)) },
        try await refusal {
          try await feedback.client.getFeedback(FeedbackV1.GetFeedbackRequest(feedbackID: nothing.feedbackID))
        },
      ]
      for error in errors {
        #expect(error.code == .notFound)
        #expect(error.info?.reason == "FEEDBACK_NOT_FOUND")
      }
    }
  }
}
