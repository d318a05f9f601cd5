import Basics
import Foundation
import Synchronization

/// A running child.
///
/// A thread of its own starts the child and waits for it: the kernel sends the signal that Command asks for when the
/// *thread* that started the child ends, so that thread must live as long as the child.
package final class ChildProcess: Sendable {
  /// The process id, which is also the id of the group that it leads: a Ctrl-C at the terminal does not reach it.
  package let id: Int32

  private let hasExited: Mutex<Bool>

  private init(id: Int32) {
    self.id = id
    hasExited = Mutex(false)
  }

  /// Starts `command`.
  ///
  /// - Parameters:
  ///   - output: Gets every line that the child writes to its standard output and error.
  ///   - exit: Receives once how the child ended, after its last line.
  package static func start(
    _ command: Command,
    output: @escaping @Sendable (String) -> Void,
    exit: @escaping @Sendable (ProcessEnd) -> Void
  ) async throws -> ChildProcess {
    // Not a checked one: its hand-over is inside Swift's library, where ThreadSanitizer does not see it.
    try await withUnsafeThrowingContinuation { continuation in
      Thread.detachNewThread {
        do {
          let (child, descriptor) = try spawn(command)
          continuation.resume(returning: child)
          child.follow(descriptor, output: output, exit: exit)
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }

  /// Sends a signal to the child and to what it has started.
  package func signal(_ number: Int32) {
    hasExited.withLock { hasExited in
      if !hasExited { kill(-id, number) }
    }
  }

  /// Taken while a child is started, so that no other child inherits its pipe.
  private static let starting = Mutex(())

  private static func spawn(_ command: Command) throws -> (ChildProcess, descriptor: Int32) {
    try starting.withLock { _ in
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw SuiteError.system("pipe", errno) }
      defer { close(ends[1]) }
      keepDescriptors()

      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
      let (id, result) = spawn(command, actions)
      guard result == 0 else {
        close(ends[0])
        throw SuiteError.system("starting \(command.executable)", result)
      }
      return (ChildProcess(id: id), ends[0])
    }
  }

  /// Marks all descriptors but the three streams, whoever opened them: a child does not get them. While a child had a
  /// socket of ours, nobody at its other side would see that we have closed it.
  private static func keepDescriptors() {
    for descriptor in LinuxProcess.current.openFileDescriptors where descriptor > STDERR_FILENO {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }

  /// Starts the command as the leader of its own group, with no signal blocked or ignored.
  private static func spawn(
    _ command: Command,
    _ actions: posix_spawn_file_actions_t
  ) -> (id: pid_t, result: Int32) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var id: pid_t = 0
    var actions = actions
    let result = withCStrings(command.words) { words in
      withCStrings(command.environment.map { "\($0.key)=\($0.value)" }) { environment in
        posix_spawn(&id, command.words[0], &actions, &attributes, words, environment)
      }
    }
    return (id, result)
  }

  /// Passes lines on until the child has closed its output, then waits for its end.
  private func follow(
    _ descriptor: Int32,
    output: @Sendable (String) -> Void,
    exit: @Sendable (ProcessEnd) -> Void
  ) {
    var lines = LineSplitter()
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      for line in lines.append(chunk[..<count]) { output(line) }
    }
    close(descriptor)
    if let line = lines.finish() { output(line) }

    exit(waitForEnd())
  }
}

extension ChildProcess {
  /// Waits for the child's end. Its id may go to another process once waitpid(2) has returned, so nobody may send a
  /// signal meanwhile.
  private func waitForEnd() -> ProcessEnd {
    var info = siginfo_t()
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    var status: Int32 = 0
    hasExited.withLock { hasExited in
      while waitpid(id, &status, 0) < 0, errno == EINTR {}
      hasExited = true
    }
    return ProcessEnd(waitStatus: status)
  }
}

/// Calls `body` with a NULL-terminated list of C strings.
private func withCStrings<Result>(
  _ strings: [String],
  _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
