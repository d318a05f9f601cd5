import Foundation
import LocalSuite
import Synchronization

/// A process that sends a part of a load.
final class LoadChild: Sendable {
  private let process: ChildProcess
  private let end: Task<Void, Never>

  /// Starts it.
  ///
  /// - Parameters:
  ///   - plan: The child's part.
  ///   - executable: The program of this command.
  ///   - progress: Receives what the child reports, and how it ended if that was too soon.
  init(_ plan: LoadPlan, executable: String, progress: LoadProgress) async throws {
    let name = "Process \(plan.process.index + 1) of \(plan.process.count)"
    let command = Command(
      executable: executable,
      arguments: ["load-worker", String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)],
      environment: ProcessInfo.processInfo.environment
    )
    let hasFinished = Flag()
    let (ends, continuation) = AsyncStream<ProcessEnd>.makeStream()
    process = try await ChildProcess.start(command) { line in
      guard let message = try? JSONDecoder().decode(LoadMessage.self, from: Data(line.utf8)) else {
        return progress.note("\(name): \(line)")
      }
      if case .finished = message { hasFinished.set() }
      progress.add(message)
    } exit: { end in
      continuation.yield(end)
      continuation.finish()
    }
    end = Task {
      for await end in ends where end != .code(0) || !hasFinished.isSet {
        progress.lose("\(name) \(end): what it had not told yet is missing.")
      }
    }
  }

  /// Sends it a signal.
  func signal(_ number: Int32) {
    process.signal(number)
  }

  /// Returns once it has ended and everything that it reported has been recorded.
  func waitForEnd() async {
    await end.value
  }
}

/// Something that happens once.
private final class Flag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .acquiring) }

  func set() {
    value.store(true, ordering: .releasing)
  }
}
