internal import ArgumentParser
internal import Foundation

/// Measures the points service.
struct BenchPointsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-points",
    abstract: "Measures the points service beside a transaction per request, on the same PostgreSQL server.",
    discussion: """
      Starts a PostgreSQL of its own in a temporary folder, fsync on, and the points service. Measures first what most \
      systems do, by pgbench: BEGIN, SELECT FOR UPDATE, INSERT, UPDATE, COMMIT, with 16 and 64 connections. Then calls \
      of the points service over gRPC, 64, 256 and 1,024 at a time: 70% earn, 20% redeem, 10% read. Caller, service and \
      PostgreSQL share this machine.
      """
  )

  @Option(help: "How many seconds each measurement takes.")
  var seconds = 15

  @Option(help: "How many members there are.")
  var members = 1_000_000

  @Option(help: "The base of the ports; the points service gets this and 2.")
  var port = 18_400

  func validate() throws {
    guard seconds > 0, members > 0 else { throw ValidationError("All numbers must be greater than 0.") }
    guard (1...65_000).contains(port) else { throw ValidationError("--port must be from 1 to 65000.") }
  }

  func run() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patron-bench-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    unsetenv("PATRON_DATABASE_URL")
    var options = SuiteOptions(local: folder, ports: SuitePorts(base: port), output: .files)
    options.services = ["loyalty"]
    let bench = PointsBench(
      seconds: seconds,
      memberCount: members,
      folder: folder,
      ports: options.ports,
      terminal: .output
    )
    try await SuiteSession.run(options, terminal: .output) { _, local in
      try await bench.run(local)
      return .stop(exitCode: 0)
    }
  }
}
