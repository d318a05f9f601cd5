import Testing

@testable import FeedbackService

@Suite("The life of feedback")
struct FeedbackLifecycleTests {
  @Test(
    "goes from open over assigned to resolved",
    arguments: [
      (FeedbackStatus.open, FeedbackLifecycle.Step.assign, FeedbackStatus.assigned, FeedbackChange.assigned),
      (.assigned, .assign, .assigned, .assigned),
      (.assigned, .resolve, .resolved, .resolved),
      (.open, .resolve, .resolved, .resolved),
    ]
  )
  func goesOn(from: FeedbackStatus, step: FeedbackLifecycle.Step, to: FeedbackStatus, change: FeedbackChange) {
    var lifecycle = FeedbackLifecycle(from)
    #expect(lifecycle.take(step) == .record(change))
    #expect(lifecycle.status == to)
  }

  @Test("ends when it is resolved", arguments: FeedbackLifecycle.Step.allCases)
  func ends(step: FeedbackLifecycle.Step) {
    var lifecycle = FeedbackLifecycle(.resolved)
    #expect(lifecycle.take(step) == .refuseResolved)
    #expect(lifecycle.status == .resolved)
  }
}
