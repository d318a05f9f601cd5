import FeedbackProto
import Foundation
import RPC
import Testing

@testable import FeedbackService

@Suite("Listing feedback")
struct ListingTests {
  private func texts(_ request: FeedbackV1.ListFeedbackRequest, _ feedback: FeedbackUnderTest) async throws -> [String]
  {
    var request = request
    var texts: [String] = []
    repeat {
      let page = try await feedback.client.listFeedback(request)
      texts += page.feedback.map(\.text)
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return texts
  }

  @Test("pages through all of it, latest first, each once")
  func pages() async throws {
    try await FeedbackUnderTest.with { feedback in
      for number in 0..<11 { _ = try await feedback.client.submitFeedback(.new { $0.text = "\(number)" }) }
      let found = try await texts(FeedbackV1.ListFeedbackRequest(pageSize: 4), feedback)
      #expect(found == (0..<11).reversed().map { "\($0)" })
    }
  }

  @Test("shows only what the filters admit")
  func filters() async throws {
    try await FeedbackUnderTest.with { feedback in
      let member = try await feedback.knownMember()
      let first = try await feedback.client.submitFeedback(
        .new {
          $0.memberID = member
          $0.storeID = "S1"
          $0.text = "a"
        }
      )
      _ = try await feedback.client.submitFeedback(
        .new {
          $0.storeID = "S2"
          $0.category = .hygiene
          $0.text = "b"
        }
      )
      let id = try #require(first.feedback).feedbackID
      _ = try await feedback.client.assignFeedback(
        FeedbackV1.AssignFeedbackRequest(requestID: newRequestID(), feedbackID: id, assignee: "张")
      )
      #expect(try await texts(.init(), feedback) == ["b", "a"])
      #expect(try await texts(.init(status: .assigned), feedback) == ["a"])
      #expect(try await texts(.init(status: .open), feedback) == ["b"])
      #expect(try await texts(.init(category: .hygiene), feedback) == ["b"])
      #expect(try await texts(.init(storeID: "S1"), feedback) == ["a"])
      #expect(try await texts(.init(memberID: member), feedback) == ["a"])
      #expect(try await texts(.init(assignee: "张"), feedback) == ["a"])
      #expect(try await texts(.init(storeID: "S2", assignee: "张"), feedback).isEmpty)
    }
  }

  @Test("ends a page early when its texts are long")
  func endsPagesEarly() async throws {
    try await FeedbackUnderTest.with(arguments: ["--page-bytes-maximum", "1KiB"]) { feedback in
      for _ in 0..<3 {
        _ = try await feedback.client.submitFeedback(.new { $0.text = String(repeating: "字", count: 200) })
      }
      let page = try await feedback.client.listFeedback(FeedbackV1.ListFeedbackRequest())
      #expect(page.feedback.count == 1)
      #expect(try await texts(.init(), feedback).count == 3)
    }
  }

  @Test("refuses filters that make no sense and tokens of other lists")
  func refuses() async throws {
    try await FeedbackUnderTest.with { feedback in
      let wrong = FeedbackV1.ListFeedbackRequest(
        status: FeedbackV1.FeedbackStatus(rawValue: 9),
        category: FeedbackV1.FeedbackCategory(rawValue: -1),
        storeID: String(repeating: "S", count: 65),
        memberID: "x",
        assignee: String(repeating: "张", count: 101)
      )
      let error = try await refusal { try await feedback.client.listFeedback(wrong) }
      #expect(Set(error.refusedFields) == ["status", "category", "store_id", "member_id", "assignee"])
      let token = FeedbackV1.ListFeedbackRequest(pageToken: "nonsense")
      let other = try await refusal { try await feedback.client.listFeedback(token) }
      #expect(other.info?.reason == "PAGE_TOKEN_INVALID")
    }
  }
}
