import Basics
public import Logging

/// Work that a service does beside answering calls. It begins when the service is ready and is cancelled when the
/// service drains; a failure is logged and never ends the service.
public struct Job: Sendable {
  /// What logs call it.
  public let name: String
  private let interval: Duration?
  private let body: @Sendable () async throws -> Void

  /// The waits of work that was to go on.
  private static let backoff = Backoff(first: .milliseconds(200), maximum: .seconds(30))

  /// Work that is done again and again, with a pause between one turn's end and the next one's beginning.
  public init(_ name: String, every interval: Duration, _ body: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.interval = interval
    self.body = body
  }

  /// Work that goes on until it is cancelled. When it ends or fails it is begun again, after a growing wait.
  public init(_ name: String, _ body: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.interval = nil
    self.body = body
  }

  /// Does the work until the task is cancelled.
  public func run(logger: Logger) async {
    var failures = 0
    while !Task.isCancelled {
      let began = ContinuousClock.now
      do {
        try await body()
        failures = 0
      } catch {
        if Task.isCancelled { return }
        failures = ContinuousClock.now - began > Self.backoff.maximum ? 1 : failures + 1
        logger.warning("job failed", metadata: ["job": "\(name)", "error": "\(ErrorText.of(error))"])
      }
      try? await Task.sleep(for: pause(after: failures))
    }
  }

  /// A periodic job keeps its pace. A long-running one waits 0.1 s, and after failures in a row longer and longer.
  private func pause(after failures: Int) -> Duration {
    interval ?? (failures == 0 ? .milliseconds(100) : Self.backoff.wait(after: failures))
  }
}
