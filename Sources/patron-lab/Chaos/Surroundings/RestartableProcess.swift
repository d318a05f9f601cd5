import Foundation
import LocalSuite
import Synchronization

/// A process that is killed and started again.
final class RestartableProcess: Sendable {
  private struct State {
    var child: ChildProcess?
    var end: Task<ProcessEnd, Never>?
    var wasAsked = false
    var unaskedEnds: [ProcessEnd] = []
  }

  /// What it is called; its output goes into a log of this name.
  let name: String
  private let console: SuiteConsole
  private let state = Mutex(State())

  init(_ name: String, console: SuiteConsole) {
    self.name = name
    self.console = console
  }

  /// Whether it runs.
  var isRunning: Bool { state.withLock { $0.child != nil } }

  /// Its id, if it runs.
  var id: Int32? { state.withLock { $0.child?.id } }

  /// Starts it; it must not be running.
  func start(_ command: Command) async throws {
    let (ends, ending) = AsyncStream<ProcessEnd>.makeStream()
    state.withLock { $0.wasAsked = false }
    let child = try await ChildProcess.start(
      command,
      output: { [console, name] line in console.show(line, of: name) },
      exit: { end in
        ending.yield(end)
        ending.finish()
      }
    )
    let end = Task { () async -> ProcessEnd in
      var last = ProcessEnd.code(-1)
      for await end in ends { last = end }
      state.withLock { state in
        if !state.wasAsked { state.unaskedEnds.append(last) }
        state.child = nil
      }
      return last
    }
    state.withLock { state in
      state.child = child
      state.end = end
    }
  }

  /// Sends it a signal that may end it.
  func signal(_ number: Int32) {
    state.withLock { state in
      state.wasAsked = true
      state.child?.signal(number)
    }
  }

  /// Ends it by kill -9, and returns when it is gone.
  func kill() async {
    signal(SIGKILL)
    await waitForEnd()
  }

  /// Returns when it is gone.
  func waitForEnd() async {
    _ = await state.withLock { $0.end }?.value
  }

  /// How it ended when nobody had asked it to, since the last time that this was asked.
  func takeUnaskedEnds() -> [ProcessEnd] {
    state.withLock { state in
      defer { state.unaskedEnds = [] }
      return state.unaskedEnds
    }
  }
}
