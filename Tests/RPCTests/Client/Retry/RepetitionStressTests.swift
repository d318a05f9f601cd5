import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Many repeated calls at once", .timeLimit(.minutes(1)))
struct RepetitionStressTests {
  private static let method = MethodDescriptor(
    service: Scripted.serviceDescriptor.fullName,
    name: "Unary",
    kind: .unary
  )

  private func call(_ channel: RPC.Channel, _ text: String, _ options: CallOptions = .init()) async throws -> String {
    let response: Scripted.Response = try await channel.unary(
      Self.method,
      Scripted.Request(text: text),
      options: options
    )
    return response.text
  }

  /// Makes calls with different texts at once. Returns how many got their own text.
  private func calls(_ count: Int, _ channel: RPC.Channel) async throws -> Int {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<count { group.addTask { try await call(channel, "\(number)") == "\(number)" } }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
  }

  @Test("every call is retried as often as it fails, and no more often")
  func retries() async throws {
    let handled = Mutex<[String: Int]>([:])
    let method = Scripted.unary { request, _ in
      let count = handled.withLock { handled in
        handled[request.text, default: 0] += 1
        return handled[request.text, default: 0]
      }
      if count < 3 { throw RPCError(code: .unavailable) }
      return .init(text: request.text)
    }
    let config = try ServiceConfig.retrying(attempts: 3)
    try await withServer([method]) { _, address in
      let channel = try ClientFixture(target: "\(address)") { $0.serviceConfig = config }.channel
      #expect(try await calls(500, channel) == 500)
      await channel.close()
    }
    #expect(handled.withLock { $0 }.values.allSatisfy { $0 == 3 })
  }

  @Test("hedged calls beyond the server's stream limit all end, and the channel closes after them")
  func hedges() async throws {
    var limits = ServerLimits.defaults
    limits.streamsMaximum = 10
    let method = Scripted.unary { request, _ in
      await Task.yield()
      return .init(text: request.text)
    }
    let config = try ServiceConfig.hedging()
    try await withServer([method], limits: limits) { _, address in
      let channel = try ClientFixture(target: "\(address)") { $0.serviceConfig = config }.channel
      #expect(try await calls(500, channel) == 500)
      await channel.close()
    }
  }

  @Test("an ended call leaves nothing behind", arguments: [true, false])
  func leavesNothing(_ isHedged: Bool) async throws {
    let count = Mutex(0)
    let method = Scripted.unary { request, _ in
      let isFirst = count.withLock { count in
        count += 1
        return count == 1
      }
      if isFirst { throw RPCError(code: .unavailable) }
      return .init(text: request.text)
    }
    let config = isHedged ? try ServiceConfig.hedging(delay: "1000s") : try ServiceConfig.retrying()
    try await withServer([method]) { _, address in
      let channel = try ClientFixture(target: "\(address)") { $0.serviceConfig = config }.channel
      let options = ReleasedOptions()
      #expect(try await call(channel, "x", options.take()) == "x")
      while options.isHeld { await Task.yield() }
      await channel.close()
    }
  }

  /// Options whose observer records when their call is released.
  private final class ReleasedOptions {
    private weak var recorder: CallRecorder?

    var isHeld: Bool { recorder != nil }

    func take() -> CallOptions {
      let recorder = CallRecorder()
      self.recorder = recorder
      return CallOptions(observers: [recorder])
    }
  }
}
