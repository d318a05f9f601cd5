import Foundation
import Glibc
import Synchronization

/// The loyalty service as a process of its own, on ports of its own.
///
/// Not by Foundation's `Process`: that leaves a run loop to the thread, and to free it when the thread ends crashes
/// ThreadSanitizer.
final class LoyaltyProcess: Sendable {
  struct Failure: Error { var text: String }

  private struct State {
    var status: Int32?
    var waiting: [UnsafeContinuation<Int32, Never>] = []
  }

  /// Where calls are taken.
  let address: String
  private let id: pid_t
  private let state = Mutex(State())

  private init(address: String, id: pid_t) {
    self.address = address
    self.id = id
  }

  deinit {
    if state.withLock({ $0.status == nil }) { kill(id, SIGKILL) }
  }

  /// Starts the executable that was built beside the tests, and returns once it takes calls.
  static func start(database: String, settings: [String: String] = [:]) async throws -> LoyaltyProcess {
    // A thread of its own reads what the process writes, and waits for its end.
    try await withUnsafeThrowingContinuation { continuation in
      Thread.detachNewThread {
        do {
          let (id, output) = try spawn(database: database, settings)
          guard let address = readAddress(output) else {
            kill(id, SIGKILL)
            waitpid(id, nil, 0)
            throw Failure(text: "loyalty did not say where it serves")
          }
          let process = LoyaltyProcess(address: address, id: id)
          continuation.resume(returning: process)
          while readLine(output) != nil {}
          fclose(output)
          process.waitForEnd()
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }

  /// Has it stop in good order.
  func terminate() { kill(id, SIGTERM) }

  /// Returns when it has ended: its exit code; if a signal ended it, that, negative.
  func end() async -> Int32 {
    await withUnsafeContinuation { continuation in
      let status: Int32? = state.withLock { state in
        if state.status == nil { state.waiting.append(continuation) }
        return state.status
      }
      if let status { continuation.resume(returning: status) }
    }
  }

  private func waitForEnd() {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let end = status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    let waiting = state.withLock { state in
      state.status = end
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(returning: end) }
  }
}

// MARK: - Starting

extension LoyaltyProcess {
  private static func spawn(
    database: String,
    _ settings: [String: String]
  ) throws -> (pid_t, UnsafeMutablePointer<FILE>) {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let program = bundle.deletingLastPathComponent().appendingPathComponent("loyalty").path
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(text: "there is no pipe: errno \(errno)") }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
    environment.merge([
      "PATRON_LOYALTY_DATABASE_URL": database, "PATRON_LOYALTY_LISTEN": "127.0.0.1:0",
      "PATRON_LOYALTY_ADMIN_LISTEN": "127.0.0.1:0", "PATRON_LOYALTY_LOG_FORMAT": "human",
    ]) { $1 }
    var arguments = [strdup(program), nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for copy in arguments + variables { free(copy) } }
    var id: pid_t = 0
    let error = posix_spawn(&id, program, &actions, nil, &arguments, &variables)
    guard error == 0, let output = fdopen(ends[0], "r") else {
      close(ends[0])
      throw Failure(text: "\(program) cannot be started: errno \(error)")
    }
    return (id, output)
  }

  /// The address in the line by which a service says that it serves.
  private static func readAddress(_ output: UnsafeMutablePointer<FILE>) -> String? {
    while let line = readLine(output) {
      if let match = line.firstMatch(of: /serves on ([0-9.:]+),/) { return String(match.1) }
    }
    return nil
  }

  private static func readLine(_ output: UnsafeMutablePointer<FILE>) -> String? {
    var buffer = [CChar](repeating: 0, count: 4_096)
    guard fgets(&buffer, Int32(buffer.count), output) != nil else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
