import Foundation
import Testing

@testable import FeedbackService

@Suite("Feedback")
struct FeedbackTests {
  private let then = Date(timeIntervalSince1970: 1_700_000_000)
  private let now = Date(timeIntervalSince1970: 1_700_000_060)

  private func feedback() -> Feedback {
    Feedback(submitting: Submission(category: .hygiene, text: "地面湿滑"), id: UUID(), at: then)
  }

  @Test("is assigned and reassigned")
  func isAssigned() throws {
    var feedback = feedback()
    #expect(try feedback.handle(.assign(to: "张店长"), etag: feedback.etag, at: now) == .assigned)
    #expect(feedback.assignee == "张店长")
    #expect(feedback.status == .assigned)
    #expect(try feedback.handle(.assign(to: "王店长"), etag: feedback.etag, at: now) == .assigned)
    #expect(feedback.assignee == "王店长")
    #expect(feedback.resolution == nil)
  }

  @Test("is closed with a reason and keeps its assignee")
  func isResolved() throws {
    var feedback = feedback()
    _ = try feedback.handle(.assign(to: "张店长"), etag: nil, at: now)
    #expect(try feedback.handle(.resolve(because: "已清洁"), etag: nil, at: now) == .resolved)
    #expect(feedback.status == .resolved)
    #expect(feedback.resolution == "已清洁")
    #expect(feedback.resolvedAt == now)
    #expect(feedback.assignee == "张店长")
  }

  @Test("has another etag and time after every change")
  func hasAnotherEtag() throws {
    var feedback = feedback()
    var etags: Set<String> = [feedback.etag]
    _ = try feedback.handle(.assign(to: "a"), etag: nil, at: now)
    etags.insert(feedback.etag)
    _ = try feedback.handle(.resolve(because: "b"), etag: nil, at: now)
    etags.insert(feedback.etag)
    #expect(etags.count == 3)
    #expect(feedback.updatedAt == now)
    #expect(feedback.submittedAt == then)
  }

  @Test("is not changed by a caller who read an older version")
  func refusesOldEtag() throws {
    var feedback = feedback()
    let old = feedback.etag
    _ = try feedback.handle(.assign(to: "a"), etag: old, at: now)
    let before = feedback
    #expect(throws: HandlingRefusal.etagMismatch) { try feedback.handle(.assign(to: "b"), etag: old, at: now) }
    #expect(feedback == before)
  }

  @Test("stays as it is once it is closed")
  func staysClosed() throws {
    var feedback = feedback()
    _ = try feedback.handle(.resolve(because: "done"), etag: nil, at: now)
    let before = feedback
    #expect(throws: HandlingRefusal.resolved) { try feedback.handle(.assign(to: "b"), etag: nil, at: now) }
    #expect(throws: HandlingRefusal.resolved) { try feedback.handle(.resolve(because: "c"), etag: "v1", at: now) }
    #expect(feedback == before)
  }
}
