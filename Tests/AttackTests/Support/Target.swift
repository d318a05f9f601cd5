import Foundation
import Glibc
import Synchronization

/// The attacked server, a separate process.
final class Target: @unchecked Sendable {
  struct Failure: Error { var text: String }

  let port: Int
  private let process: pid_t
  /// The server's standard input. The server ends when this end is closed, also when the tests are killed.
  private let input: Int32
  private let hasExited = Mutex(false)

  /// Starts the server with these options. It ends with this object, or with the tests.
  ///
  /// Does not use Foundation's `Process`, which leaves a run loop to the thread, and freeing that at the thread's end
  /// crashes ThreadSanitizer.
  init(_ options: [String] = []) throws {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let program = bundle.deletingLastPathComponent().appendingPathComponent("attack-target").path
    var (standardInput, standardOutput): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&standardInput) == 0, pipe(&standardOutput) == 0 else {
      throw Failure(text: "there are no pipes: errno \(errno)")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, standardInput[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, standardOutput[1], STDOUT_FILENO)
    // The other descriptors are the tests' own, and would be counted among the server's sockets.
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      if let open = Int32(name), open > STDERR_FILENO { posix_spawn_file_actions_addclose(&actions, open) }
    }
    var arguments = ([program] + options).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, program, &actions, nil, &arguments, environ)
    close(standardInput[0])
    close(standardOutput[1])
    defer { close(standardOutput[0]) }
    guard error == 0 else {
      close(standardInput[1])
      throw Failure(text: "\(program) cannot be started: errno \(error)")
    }
    guard let port = Self.readPort(standardOutput[0]) else {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      close(standardInput[1])
      throw Failure(text: "the server did not say where it listens")
    }
    self.port = port
    self.process = process
    self.input = standardInput[1]
  }

  deinit {
    close(input)
    if isRunning {
      kill(process, SIGTERM)
      waitpid(process, nil, 0)
    }
  }

  /// Reads the line with the port, which the server prints once it listens.
  private static func readPort(_ output: Int32) -> Int? {
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      var byte: UInt8 = 0
      guard poll(&ready, 1, Int32(Attacker.patienceSeconds * 1000)) == 1, read(output, &byte, 1) == 1 else {
        return nil
      }
      line.append(byte)
    }
    return Int(String(decoding: line.dropLast(), as: UTF8.self))
  }

  var isRunning: Bool {
    hasExited.withLock { hasExited in
      if !hasExited { hasExited = waitpid(process, nil, WNOHANG) == process }
      return !hasExited
    }
  }

  /// The number of open sockets of the process.
  var openSockets: Int {
    let folder = "/proc/\(process)/fd"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.count { file in
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(file)"))?.hasPrefix("socket:") == true
    }
  }

  /// Polls until a condition holds, because no event signals what another process has done.
  func waitUntil(_ isSo: (Target) -> Bool) throws {
    for _ in 0..<(Attacker.patienceSeconds * 100) {
      if isSo(self) { return }
      usleep(10_000)
    }
    throw Failure(text: "the server did not do it in time")
  }

  // MARK: Memory

  /// Returns the process's resident memory in bytes.
  func memory() throws -> Int { try kibibytes("Rss:", of: "smaps_rollup") }

  /// Returns the greatest resident memory since ``forgetPeak()``.
  func peakMemory() throws -> Int { try kibibytes("VmHWM:", of: "status") }

  func forgetPeak() throws {
    guard let file = fopen("/proc/\(process)/clear_refs", "w") else {
      throw Failure(text: "clear_refs cannot be written: errno \(errno)")
    }
    fputs("5", file)
    fclose(file)
  }

  private func kibibytes(_ name: String, of file: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    guard let words = line?.split(separator: " ").dropFirst(), let number = words.first.flatMap({ Int($0) }) else {
      throw Failure(text: "\(file) has no \(name)")
    }
    return number * 1024
  }
}
