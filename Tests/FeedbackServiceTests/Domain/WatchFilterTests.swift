import Foundation
import Testing

@testable import FeedbackService

@Suite("A watcher's filter")
struct WatchFilterTests {
  private let member = UUID()

  private var submission: Submission {
    Submission(memberID: member, storeID: "S1", category: .service, text: "好")
  }

  @Test("without wishes admits everything")
  func admitsEverything() {
    #expect(WatchFilter().admits(submission))
    #expect(WatchFilter().admits(Submission(category: .other, text: "x")))
  }

  @Test("admits only what fits all its wishes")
  func admitsWhatFits() {
    #expect(WatchFilter(storeID: "S1", category: .service, memberID: member).admits(submission))
    #expect(!WatchFilter(storeID: "S2", category: .service, memberID: member).admits(submission))
    #expect(!WatchFilter(storeID: "S1", category: .hygiene, memberID: member).admits(submission))
    #expect(!WatchFilter(storeID: "S1", category: .service, memberID: UUID()).admits(submission))
    #expect(!WatchFilter(storeID: "S1").admits(Submission(category: .other, text: "x")))
  }
}
