import Basics
import Foundation
import LocalSuite

/// A private PostgreSQL that crashes and recovers.
final class DisposablePostgres: Sendable {
  /// How long it may take to recover.
  private static let recoveryMaximum: Duration = .seconds(120)

  private let cluster: PrivateCluster
  private let process: RestartableProcess
  /// Its folder as the kernel names it.
  private let data: String

  init(_ cluster: PrivateCluster, console: SuiteConsole) {
    self.cluster = cluster
    process = RestartableProcess("postgres", console: console)
    data = (cluster.data as NSString).resolvingSymlinksInPath
  }

  /// Whether the server runs.
  var isRunning: Bool { process.isRunning }

  /// Starts it if it does not run, and returns when it answers.
  func ensureRunning() async throws {
    let deadline = ContinuousClock.now + Self.recoveryMaximum
    while true {
      if !process.isRunning {
        try await waitForLeftovers()
        try await process.start(command)
      }
      if await cluster.answers() { return }
      guard ContinuousClock.now < deadline else {
        throw SuiteError("PostgreSQL did not recover within \(Text.duration(Self.recoveryMaximum)).")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// Ends the server and all its sessions by kill -9.
  func crash() async throws {
    process.signal(SIGKILL)
    for id in processIDs() { kill(id, SIGKILL) }
    try await waitForLeftovers()
    await process.waitForEnd()
  }

  /// Shuts it down in good order.
  func stop() async {
    process.signal(SIGINT)
    await process.waitForEnd()
  }

  /// A little memory, and a log whose files are made when they are needed: a full disk is then in its way, too.
  private var command: Command {
    var command = cluster.command
    let settings = [
      "shared_buffers=64MB", "max_connections=60", "min_wal_size=32MB", "max_wal_size=96MB", "wal_recycle=off",
    ]
    command.arguments += settings.flatMap { ["-c", $0] }
    return command
  }

  /// A new server refuses to start while sessions of the old one still use its memory.
  private func waitForLeftovers() async throws {
    while !processIDs().isEmpty { try await Task.sleep(for: .milliseconds(2)) }
  }

  /// All processes that work in its folder: the server and its sessions, each of which leads a group of its own.
  private func processIDs() -> [Int32] {
    LinuxProcess.all.filter { $0.workingDirectory == data }.map(\.id)
  }
}
