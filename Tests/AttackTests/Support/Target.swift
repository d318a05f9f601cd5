import Foundation
import Glibc

/// The server under attack, a process of its own.
final class Target: @unchecked Sendable {
  struct Failure: Error { var text: String }

  let port: Int
  private let process: Process
  private let input: Pipe

  /// Starts the server with these options; it ends with this object, or with the tests.
  init(_ options: [String] = []) throws {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = bundle.deletingLastPathComponent().appendingPathComponent("attack-target")
    process.arguments = options
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      var ready = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, Int32(Attacker.patienceSeconds * 1000)) == 1,
        let byte = try output.fileHandleForReading.read(upToCount: 1)?.first
      else {
        process.terminate()
        throw Failure(text: "the server did not start")
      }
      line.append(byte)
    }
    guard let port = Int(String(decoding: line.dropLast(), as: UTF8.self)) else {
      throw Failure(text: "the server did not say where it listens")
    }
    self.port = port
    self.process = process
    self.input = input
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
    process.waitUntilExit()
  }

  var isRunning: Bool { process.isRunning }

  /// The sockets that the process has open.
  var openSockets: Int {
    let folder = "/proc/\(process.processIdentifier)/fd"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.count { file in
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(file)"))?.hasPrefix("socket:") == true
    }
  }

  /// Looks again and again until something is as it should be; nothing tells when another process has done something.
  func waitUntil(_ isSo: (Target) -> Bool) throws {
    for _ in 0..<(Attacker.patienceSeconds * 100) {
      if isSo(self) { return }
      usleep(10_000)
    }
    throw Failure(text: "the server did not do it in time")
  }

  // MARK: Memory

  /// The process's resident memory in bytes, now.
  func memory() throws -> Int { try kibibytes("Rss:", of: "smaps_rollup") }

  /// The most that it ever was since ``forgetPeak()``.
  func peakMemory() throws -> Int { try kibibytes("VmHWM:", of: "status") }

  func forgetPeak() throws {
    guard let file = fopen("/proc/\(process.processIdentifier)/clear_refs", "w") else {
      throw Failure(text: "clear_refs cannot be written: errno \(errno)")
    }
    fputs("5", file)
    fclose(file)
  }

  private func kibibytes(_ name: String, of file: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    guard let words = line?.split(separator: " ").dropFirst(), let number = words.first.flatMap({ Int($0) }) else {
      throw Failure(text: "\(file) has no \(name)")
    }
    return number * 1024
  }
}
