import RPC
import ServiceKit

extension ServerContext {
  /// Reads the requests of a stream and answers them beside it, until the caller has sent the last and got every answer.
  ///
  /// When the service begins to stop, no further request is begun. What is under way is answered, then the call ends with
  /// `UNAVAILABLE`: what has no answer was not done.
  ///
  /// - Parameters:
  ///   - read: Begins what the requests ask, as there is room.
  ///   - answer: Sends answers until no more will begin and everything is answered.
  ///   - close: Lets no more begin.
  func stream(
    reading read: @escaping @Sendable () async throws -> Void,
    answering answer: () async throws -> Void,
    closing close: @escaping @Sendable () -> Void
  ) async throws {
    let observer = drain?.onBegin(close)
    defer { if let observer { drain?.remove(observer) } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { close() }
        try await read()
      }
      try await answer()
      do {
        // The caller may be silent for long.
        if drain?.hasBegun == true { group.cancelAll() }
        try await group.waitForAll()
      } catch  where drain?.hasBegun == true {
        throw Drain.ended
      }
    }
  }
}
