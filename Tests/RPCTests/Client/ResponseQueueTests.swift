import NIOCore
import NIOPosix
import Testing

@testable import RPC

@Suite("The queue of a streaming call's responses")
struct ResponseQueueTests {
  @Test("A reader that comes while the call fails sees the failure, never just an end")
  func endAndOutcomeAreOne() async throws {
    let thread = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let failure = AttemptOutcome.failure(RPCError(code: .unavailable, message: "gone"))
    for _ in 0..<20_000 {
      let queue = ResponseQueue()
      thread.any().execute { queue.ended(failure) }
      let batch = await queue.next()
      #expect(batch.outcome?.code == .unavailable)
      #expect(await queue.next().isEmpty)
    }
    try await thread.shutdownGracefully()
  }
}
