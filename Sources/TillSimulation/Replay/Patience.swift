import Basics
package import RPC

/// How long a call is sent again when it fails in a way that may pass: the process at the other end died, or is starting.
/// Every call of a replay is idempotent, so sending it again is always safe.
package struct Patience: Sendable {
  /// How long a call may go on failing.
  var total: Duration

  package init(total: Duration) {
    self.total = total
  }

  /// The time that one try may take.
  static let callTimeout: Duration = .seconds(15)

  /// The pause before the first, second, … repetition: 50 ms, doubled up to 2 s.
  static func pause(after failures: Int) -> Duration {
    Backoff(first: .milliseconds(50), maximum: .seconds(2)).wait(after: failures)
  }

  /// Whether a call that failed with `code` may succeed later.
  static func mayPass(_ code: StatusCode) -> Bool {
    [.unavailable, .deadlineExceeded, .aborted, .resourceExhausted].contains(code)
  }

  /// Makes a call, again and again if need be.
  package func call<Response: Sendable>(_ call: (CallOptions) async throws -> Response) async throws -> Response {
    let startedAt = ContinuousClock.now
    var failures = 0
    while true {
      do {
        return try await call(CallOptions(timeout: Self.callTimeout))
      } catch let error as RPCError where Self.mayPass(error.code) {
        failures += 1
        guard ContinuousClock.now - startedAt < total else { throw error }
        try await Task.sleep(for: Self.pause(after: failures))
      }
    }
  }
}

/// Does something with every element, with this number at a time. The first error ends the rest.
package func concurrently<Element: Sendable>(
  _ elements: [Element],
  atOnce limit: Int,
  _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for (index, element) in elements.enumerated() {
      if index >= limit { try await group.next() }
      group.addTask { try await body(element) }
    }
    try await group.waitForAll()
  }
}
