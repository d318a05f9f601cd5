import Synchronization

/// A program to run as a child, and how.
package struct Command: Sendable {
  /// The path of the program.
  var executable: String
  /// What follows its name.
  package var arguments: [String] = []
  /// Its whole environment.
  package var environment: [String: String] = [:]
  /// The user to run it as, instead of ours.
  var user: SystemUser?
  /// The signal that the kernel sends to it when we die, whatever kills us.
  var deathSignal = "TERM"

  package init(
    executable: String,
    arguments: [String] = [],
    environment: [String: String] = [:],
    user: SystemUser? = nil,
    deathSignal: String = "TERM"
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.user = user
    self.deathSignal = deathSignal
  }

  /// The words to execute. setpriv(1) of util-linux changes the user and asks the kernel for the signal of our death,
  /// then becomes the program itself.
  var words: [String] {
    var words = ["/usr/bin/setpriv"]
    if let user { words += ["--reuid=\(user.id)", "--regid=\(user.groupID)", "--clear-groups"] }
    return words + ["--pdeathsig", deathSignal, "--", executable] + arguments
  }
}

extension Command {
  /// Runs the command to its end and collects what it writes.
  package func run() async throws -> (ProcessEnd, output: [String]) {
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
