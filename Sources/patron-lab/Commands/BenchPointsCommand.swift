import ArgumentParser
import Foundation
import LocalSuite

/// Measures the points service.
struct BenchPointsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-points",
    abstract: "Measures the points service beside a transaction per request, on the same PostgreSQL server.",
    discussion: """
      Starts a PostgreSQL of its own in a temporary folder, fsync on, and the points service. Measures in turns, some rounds \
      long, what most systems do, by pgbench: a transaction a request, prepared, with 16 and 64 connections; and the points \
      service over gRPC: 70% earn, 20% redeem, 10% read, 1,024 and 64 requests in flight on four streams (StreamMovements) \
      and in a call for each, with members drawn alike. Then 256 in flight, 1,024 by Zipf's law and with ten hot members. \
      Then watches the service's memory, opens more accounts and measures again, and has the whole ledger audited. Last, on a \
      new ledger, a lot of every member expires at one midnight: an open loop of tills is measured before it, and from \
      midnight until every expiry is entered. Caller, service and PostgreSQL share this machine.
      """
  )

  @Option(help: "How many seconds each measurement takes.")
  var seconds = 15

  @Option(help: "How often the two are measured beside each other; the ratios are the medians.")
  var rounds = 3

  @Option(help: "How many members there are.")
  var members = 1_000_000

  @Flag(inversion: .prefixedNo, help: "Whether to measure a transaction a request too.")
  var naive = true

  @Flag(inversion: .prefixedNo, help: "Whether to measure with 10,000,000 members too.")
  var scale = true

  @Option(help: "How many minutes to watch the service's memory; 0 leaves it out.")
  var memoryMinutes = 5

  @Flag(
    inversion: .prefixedNo,
    help: "Whether to measure tills while a lot of every member expires at one midnight too."
  )
  var midnight = true

  @Option(help: "How many requests the tills send a second before and after midnight.")
  var midnightRate = 4_000

  @Option(help: "The base of the ports; the points service gets this and 2.")
  var port = 18_400

  func validate() throws {
    guard seconds > 0, rounds > 0, members > 0, midnightRate > 0 else {
      throw ValidationError("All numbers must be greater than 0.")
    }
    guard memoryMinutes >= 0 else { throw ValidationError("--memory-minutes must not be negative.") }
    guard (1...65_000).contains(port) else { throw ValidationError("--port must be from 1 to 65000.") }
  }

  func run() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patron-bench-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    unsetenv("PATRON_DATABASE_URL")
    var options = SuiteOptions(local: folder, ports: SuitePorts(base: port), output: .files)
    options.services = ["loyalty"]
    options.postgresSettings = Self.postgresSettings
    var plan = PointsPlan(
      seconds: seconds,
      rounds: rounds,
      members: members,
      comparesNaive: naive,
      memoryMinutes: memoryMinutes
    )
    if !scale { plan.scaledMembers = nil }
    let bench = PointsBench(
      plan: plan,
      folder: folder,
      ports: options.ports,
      terminal: .output
    )
    let exitCode = try await SuiteSession.run(options, terminal: .output) { _, local in
      try await bench.run(local)
      return .stop(exitCode: 0)
    }
    guard exitCode == 0 else { throw ExitCode(exitCode) }
    guard midnight else { return }
    // What was measured first has done its duty; its room on the disk is needed.
    try? FileManager.default.removeItem(atPath: folder)
    options.local = "\(folder)/midnight"
    let tills = MidnightBench(
      memberCount: members,
      seconds: seconds,
      rate: midnightRate,
      options: options,
      terminal: .output
    )
    try await tills.run()
  }

  /// A quarter of the memory for PostgreSQL's own cache, as its manual recommends, and room for the log of a run.
  private static var postgresSettings: [String: String] {
    let megabytes = ProcessInfo.processInfo.physicalMemory / 4 / 1_048_576
    return ["shared_buffers": "\(megabytes)MB", "max_wal_size": "16GB", "checkpoint_timeout": "30min"]
  }
}
