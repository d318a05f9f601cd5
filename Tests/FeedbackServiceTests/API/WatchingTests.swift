import FeedbackProto
import Foundation
import RPC
import Testing

@testable import FeedbackService

@Suite("Watching feedback", .timeLimit(.minutes(1)))
struct WatchingTests {
  private func submit(
    _ feedback: FeedbackUnderTest,
    _ change: (inout FeedbackV1.SubmitFeedbackRequest) -> Void = { _ in }
  ) async throws -> FeedbackV1.Feedback {
    try #require(try await feedback.client.submitFeedback(.new(change)).feedback)
  }

  private func assign(_ id: String, _ feedback: FeedbackUnderTest) async throws -> FeedbackV1.Feedback {
    let request = FeedbackV1.AssignFeedbackRequest(requestID: newRequestID(), feedbackID: id, assignee: "张")
    return try #require(try await feedback.client.assignFeedback(request).feedback)
  }

  private func resolve(_ id: String, _ feedback: FeedbackUnderTest) async throws -> FeedbackV1.Feedback {
    let request = FeedbackV1.ResolveFeedbackRequest(requestID: newRequestID(), feedbackID: id, resolution: "好")
    return try #require(try await feedback.client.resolveFeedback(request).feedback)
  }

  private func events(_ count: Int, _ feedback: FeedbackUnderTest) async throws -> [FeedbackV1.FeedbackEvent] {
    var events: [FeedbackV1.FeedbackEvent] = []
    for try await response in try await feedback.client.subscribe(FeedbackV1.SubscribeRequest()) {
      events += response.events
      if events.count >= count { break }
    }
    return events
  }

  /// Watches until there are `count` changes.
  private func changes(
    _ count: Int,
    _ request: FeedbackV1.WatchFeedbackRequest,
    _ feedback: FeedbackUnderTest
  ) async throws -> [FeedbackV1.WatchFeedbackResponse] {
    var changes: [FeedbackV1.WatchFeedbackResponse] = []
    for try await response in try await feedback.client.watchFeedback(request) {
      if response.feedback != nil { changes.append(response) }
      if changes.count >= count { break }
    }
    return changes
  }

  @Test("sends every change after a cursor in order, with the feedback as it was then")
  func tellsChanges() async throws {
    try await FeedbackUnderTest.with { feedback in
      _ = try await submit(feedback)
      let start = try #require(try await events(1, feedback).first).cursor
      let open = try await submit(feedback)
      let assigned = try await assign(open.feedbackID, feedback)
      let resolved = try await resolve(open.feedbackID, feedback)
      let changes = try await changes(3, FeedbackV1.WatchFeedbackRequest(cursor: start), feedback)
      #expect(changes.map(\.change) == [.submitted, .assigned, .resolved])
      #expect(changes.map(\.feedback) == [open, assigned, resolved])
    }
  }

  @Test("continues after the last change seen")
  func goesOn() async throws {
    try await FeedbackUnderTest.with { feedback in
      _ = try await submit(feedback)
      let start = try #require(try await events(1, feedback).first).cursor
      let texts = ["a", "b", "c"]
      for text in texts { _ = try await submit(feedback) { $0.text = text } }
      var seen: [String] = []
      var cursor = start
      for _ in texts {
        let request = FeedbackV1.WatchFeedbackRequest(cursor: cursor)
        let change = try #require(try await changes(1, request, feedback).first)
        seen.append(change.feedback?.text ?? "")
        cursor = change.cursor
      }
      #expect(seen == texts)
    }
  }

  @Test("sends only changes of the requested feedback")
  func filters() async throws {
    try await FeedbackUnderTest.with { feedback in
      _ = try await submit(feedback)
      let start = try #require(try await events(1, feedback).first).cursor
      let member = try await feedback.knownMember()
      let wanted = try await submit(feedback) {
        $0.memberID = member
        $0.storeID = "S1"
        $0.category = .hygiene
      }
      _ = try await submit(feedback) { $0.storeID = "S2" }
      _ = try await submit(feedback) { $0.category = .billing }
      let assigned = try await assign(wanted.feedbackID, feedback)
      let filters = [
        FeedbackV1.WatchFeedbackRequest(storeID: "S1", cursor: start),
        FeedbackV1.WatchFeedbackRequest(category: .hygiene, cursor: start),
        FeedbackV1.WatchFeedbackRequest(memberID: member, cursor: start),
        FeedbackV1.WatchFeedbackRequest(storeID: "S1", category: .hygiene, memberID: member, cursor: start),
      ]
      for filter in filters {
        #expect(try await changes(2, filter, feedback).map(\.feedback) == [wanted, assigned])
      }
    }
  }

  @Test("sends its cursor when nothing of interest happened")
  func tellsItsCursor() async throws {
    try await FeedbackUnderTest.with { feedback in
      for _ in 0..<3 { _ = try await submit(feedback) }
      let start = try await events(3, feedback)[0].cursor
      var cursor = start
      let request = FeedbackV1.WatchFeedbackRequest(storeID: "S9", cursor: start)
      for try await response in try await feedback.client.watchFeedback(request) {
        #expect(response.feedback == nil)
        #expect(response.change == .unspecified)
        cursor = response.cursor
        if cursor != start { break }
      }
      // A watch from there gets only later changes.
      let later = try await submit(feedback)
      let changes = try await changes(1, FeedbackV1.WatchFeedbackRequest(cursor: cursor), feedback)
      #expect(changes.map(\.feedback) == [later])
    }
  }

  @Test("without a cursor begins with the next change")
  func beginsNow() async throws {
    try await FeedbackUnderTest.with { feedback in
      _ = try await submit(feedback) { $0.text = "before" }
      _ = try await events(1, feedback)
      // The start of the stream cannot be observed, so feedback is submitted until a change arrives.
      let submitting = Task {
        while !Task.isCancelled { _ = try await submit(feedback) { $0.text = "after" } }
      }
      let heard = try await changes(3, FeedbackV1.WatchFeedbackRequest(), feedback)
      submitting.cancel()
      _ = await submitting.result
      #expect(heard.map { $0.feedback?.text } == ["after", "after", "after"])
    }
  }

  @Test("refuses filters and cursors that make no sense")
  func refuses() async throws {
    try await FeedbackUnderTest.with { feedback in
      let wrong = FeedbackV1.WatchFeedbackRequest(
        storeID: String(repeating: "S", count: 65),
        category: FeedbackV1.FeedbackCategory(rawValue: 99),
        memberID: "x"
      )
      let fields = try await refusal { try await changes(1, wrong, feedback) }
      #expect(Set(fields.refusedFields) == ["store_id", "category", "member_id"])
      let cursor = try await refusal {
        try await changes(1, FeedbackV1.WatchFeedbackRequest(cursor: "nonsense"), feedback)
      }
      #expect(cursor.info?.reason == "CURSOR_INVALID")
    }
  }
}
