import Foundation
import Testing

@testable import FeedbackService

@Suite("A watcher's filter")
struct WatchFilterTests {
  private let member = UUID()

  private var submission: Submission {
    Submission(memberId: member, storeId: "S1", category: .service, text: "好")
  }

  @Test("without wishes admits everything")
  func admitsEverything() {
    #expect(WatchFilter().admits(submission))
    #expect(WatchFilter().admits(Submission(category: .other, text: "x")))
  }

  @Test("admits only what fits all its wishes")
  func admitsWhatFits() {
    #expect(WatchFilter(storeId: "S1", category: .service, memberId: member).admits(submission))
    #expect(!WatchFilter(storeId: "S2", category: .service, memberId: member).admits(submission))
    #expect(!WatchFilter(storeId: "S1", category: .hygiene, memberId: member).admits(submission))
    #expect(!WatchFilter(storeId: "S1", category: .service, memberId: UUID()).admits(submission))
    #expect(!WatchFilter(storeId: "S1").admits(Submission(category: .other, text: "x")))
  }
}
