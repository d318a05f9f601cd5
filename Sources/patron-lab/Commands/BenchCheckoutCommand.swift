import ArgumentParser
import Foundation
import LocalSuite

/// Measures checkouts through the gateway.
struct BenchCheckoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-checkout",
    abstract: "Measures full checkouts through the gateway beside pgbench on the same PostgreSQL server.",
    discussion: """
      Starts a suite of its own on a fresh private PostgreSQL in a temporary folder, fsync on. Measures pgbench \
      (TPC-B-like, prepared statements, 16 clients) on that server, then sales of four lines by random members. A ramp of \
      short trials finds the highest fixed rate at which every call is answered and 99 of 100 within --limit; four \
      fifths of it is measured, as an open loop. Latency counts from the moment at which a call was meant to start. The load generator, the services and \
      PostgreSQL share this machine.
      """
  )

  @Option(help: "How many seconds to measure, after the ramp.")
  var seconds = 20

  @Option(help: "The most milliseconds that 99 of 100 calls of the ramp may take.")
  var limit = 100

  @Option(help: "How many members there are.")
  var members = 2_000

  @Option(help: "The gateway's port; the services' follow from it.")
  var port = 17_400

  func validate() throws {
    guard seconds > 0, limit > 0, members > 0 else { throw ValidationError("All numbers must be greater than 0.") }
    guard (1...65_000).contains(port) else { throw ValidationError("--port must be from 1 to 65000.") }
  }

  func run() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patron-bench-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    unsetenv("PATRON_DATABASE_URL")
    let options = SuiteOptions(local: folder, ports: SuitePorts(base: port), output: .files)
    let bench = CheckoutBench(
      seconds: seconds,
      limit: .milliseconds(limit),
      memberCount: members,
      ports: options.ports,
      terminal: .output
    )
    let exitCode = try await SuiteSession.run(options, terminal: .output) { _, local in
      try await bench.run(local)
      return .stop(exitCode: 0)
    }
    guard exitCode == 0 else { throw ExitCode(exitCode) }
  }
}
