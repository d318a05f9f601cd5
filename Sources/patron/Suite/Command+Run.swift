internal import Synchronization

extension Command {
  /// Runs the command to its end and collects what it writes.
  func run() async throws -> (ProcessEnd, output: [String]) {
    let lines = CollectedLines()
    let (statuses, continuation) = AsyncStream<ProcessEnd>.makeStream()
    _ = try await ChildProcess.start(self, output: lines.append) { status in
      continuation.yield(status)
      continuation.finish()
    }
    var last = ProcessEnd.code(-1)
    for await status in statuses { last = status }
    return (last, lines.all)
  }
}

/// Lines that come from another thread.
private final class CollectedLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func append(_ line: String) {
    lines.withLock { $0.append(line) }
  }
}
