import Basics
import Foundation
import Postgres
import Testing

@testable import FeedbackService

@Suite("The feedback's store")
struct FeedbackStoreTests {
  private let time = Date(timeIntervalSince1970: 1_733_000_000.123456)

  private func insert(_ feedback: Feedback, into store: FeedbackStore) async throws {
    try await store.database.transaction { try await store.insert(feedback, in: $0) }
  }

  @Test("returns exactly what was stored")
  func givesBack() async throws {
    try await FeedbackDatabase.with { database in
      let store = FeedbackStore(database: database)
      let full = Feedback(
        submitting: Submission(
          memberID: UUID(),
          storeID: "S1",
          receiptNumber: "R-1",
          category: .productQuality,
          text: "牛奶过期了\n\"昨天\" 😀"
        ),
        id: UUID(),
        at: time
      )
      let bare = Feedback(submitting: Submission(category: .suggestion, text: "good"), id: UUID(), at: time)
      try await insert(full, into: store)
      try await insert(bare, into: store)
      #expect(try await store.find(full.id) == full)
      #expect(try await store.find(bare.id) == bare)
      #expect(try await store.find(UUID()) == nil)
    }
  }

  @Test("stores its handling")
  func keepsHandling() async throws {
    try await FeedbackDatabase.with { database in
      let store = FeedbackStore(database: database)
      let feedback = Feedback(submitting: Submission(category: .service, text: "x"), id: UUID(), at: time)
      try await insert(feedback, into: store)
      for handling in [Handling.assign(to: "张店长"), .resolve(because: "已道歉")] {
        let changed = try await database.transaction { transaction in
          var locked = try #require(try await store.lock(feedback.id, in: transaction))
          _ = try locked.handle(handling, etag: nil, at: time.addingTimeInterval(1))
          try await store.update(locked, in: transaction)
          return locked
        }
        #expect(try await store.find(feedback.id) == changed)
      }
    }
  }

  @Test("lists latest first, page by page, each once")
  func lists() async throws {
    try await FeedbackDatabase.with { database in
      let store = FeedbackStore(database: database)
      for number in 0..<25 {
        // Several at the same time, in the order of their IDs.
        let at = time.addingTimeInterval(Double(number / 4))
        let submission = Submission(category: .other, text: "\(number)")
        try await insert(Feedback(submitting: submission, id: UUID(), at: at), into: store)
      }
      var seen: [Feedback] = []
      var position: FeedbackStore.Position?
      while true {
        let page = try await store.list(FeedbackFilter(), after: position, limit: 7)
        guard let last = page.last else { break }
        seen += page
        let microseconds = Int64((last.submittedAt.timeIntervalSince1970 * 1_000_000).rounded())
        position = FeedbackStore.Position(submittedAt: Instant(rawValue: microseconds), id: last.id)
      }
      #expect(Set(seen.map(\.submission.text)) == Set((0..<25).map { "\($0)" }))
      #expect(seen.count == 25)
      #expect(seen.map(\.submittedAt) == seen.map(\.submittedAt).sorted(by: >))
    }
  }

  @Test("lists only what the filters admit")
  func filters() async throws {
    try await FeedbackDatabase.with { database in
      let store = FeedbackStore(database: database)
      let member = UUID()
      func add(_ submission: Submission, after seconds: Double, _ handlings: [Handling] = []) async throws {
        var feedback = Feedback(submitting: submission, id: UUID(), at: time.addingTimeInterval(seconds))
        for handling in handlings { _ = try feedback.handle(handling, etag: nil, at: feedback.submittedAt) }
        try await insert(feedback, into: store)
      }
      try await add(Submission(memberID: member, storeID: "S1", category: .service, text: "a"), after: 0)
      try await add(Submission(storeID: "S1", category: .hygiene, text: "b"), after: 1, [.assign(to: "张")])
      try await add(
        Submission(memberID: member, category: .hygiene, text: "c"),
        after: 2,
        [.assign(to: "张"), .resolve(because: "x")]
      )

      func texts(_ filter: FeedbackFilter) async throws -> [String] {
        try await store.list(filter, after: nil, limit: 10).map(\.submission.text)
      }
      #expect(try await texts(FeedbackFilter()) == ["c", "b", "a"])
      #expect(try await texts(FeedbackFilter(status: .open)) == ["a"])
      #expect(try await texts(FeedbackFilter(status: .resolved)) == ["c"])
      #expect(try await texts(FeedbackFilter(category: .hygiene)) == ["c", "b"])
      #expect(try await texts(FeedbackFilter(storeID: "S1")) == ["b", "a"])
      #expect(try await texts(FeedbackFilter(memberID: member)) == ["c", "a"])
      #expect(try await texts(FeedbackFilter(assignee: "张")) == ["c", "b"])
      #expect(try await texts(FeedbackFilter(category: .hygiene, storeID: "S1", assignee: "张")) == ["b"])
    }
  }
}
