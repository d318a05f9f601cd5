import ArgumentParser
import Foundation
import LocalSuite
import RPC
import TillSimulation

/// Breaks everything around the ledger.
struct ChaosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Breaks the ledger's surroundings and proves that nothing is lost or doubled.",
    discussion: """
      Starts a PostgreSQL of its own in a temporary folder, two copies of loyalty on it, and a caller that sends credits, \
      debits, orders and reversals to both. While calls are under way something breaks, again and again. After each fault \
      everything is put right, the caller's journal is read, and every call whose outcome the caller does not know is \
      sent again. Then the audit must find nothing; every call that was answered must be answered so again, byte for byte; \
      and balances and entries must be what the answers say: nothing lost, nothing there twice.

      The faults:
      \(FaultKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: ";\n")).

      Ends at the first finding, with exit code 1; the ledger, the journals and the logs are kept then. --seed plays the \
      same faults again, though not to the microsecond.
      """
  )

  @Option(help: "How many faults there are.")
  var faults = 200

  @Option(help: "Decides which faults strike, where, and what is called meanwhile. By chance if not given.")
  var seed: UInt64?

  @Option(help: "The kinds of faults, separated by commas. All if not given.")
  var kinds: String?

  @Flag(help: "Take out the guard that keeps two copies of loyalty from overwriting each other: this must be noticed.")
  var withoutGuard = false

  func validate() throws {
    guard faults > 0 else { throw ValidationError("--faults must be greater than 0.") }
    for name in names where FaultKind.named(name) == nil {
      let known = FaultKind.all.map(\.name).joined(separator: ", ")
      throw ValidationError("There is no fault \"\(name)\". There are \(known).")
    }
  }

  /// The kinds that were asked for.
  var chosenKinds: [FaultKind] {
    kinds == nil ? FaultKind.all : FaultKind.all.filter { names.contains($0.name) }
  }

  private var names: [String] {
    (kinds ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  func run() async throws {
    let terminal = Terminal.output
    let run = ChaosRun(
      faultCount: faults,
      seed: seed ?? .random(in: 0..<1_000_000_000),
      kinds: chosenKinds,
      removesGuard: withoutGuard,
      folder: FileManager.default.temporaryDirectory.appendingPathComponent("patron-chaos-\(getpid())").path,
      executables: LocalSuite.executables,
      terminal: terminal
    )
    let interrupts = InterruptSignals.stream()
    let listener = Task { [stop = run.stop] in
      for await _ in interrupts { stop.request() }
    }
    defer { listener.cancel() }
    let report: ChaosReport
    do {
      report = try await run.run()
    } catch is CancellationError {
      throw ExitCode(130)
    }
    for line in report.table { terminal.write(line: line) }
    for finding in report.findings { terminal.write(line: terminal.coloured("FOUND  \(finding)", .red)) }
    for line in report.results { terminal.write(line: line) }
    if !report.findings.isEmpty { throw ExitCode.failure }
  }
}

/// The caller of `patron-lab chaos`, which is killed like everything else. Takes its plan as JSON.
struct ChaosCallerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos-caller",
    abstract: "The caller of a fault suite; `patron-lab chaos` starts it.",
    shouldDisplay: false
  )

  @Argument(help: "The plan, as JSON.")
  var plan: String

  func run() async throws {
    let plan = try JSONDecoder().decode(CallerPlan.self, from: Data(plan.utf8))
    let stop = StopSignal()
    let interrupts = InterruptSignals.stream()
    let listener = Task {
      for await _ in interrupts { stop.request() }
    }
    defer { listener.cancel() }
    let channels = try plan.targets.map { try ChaosChannel.open($0) }
    try await Caller(plan, channels: channels, stop: stop).run()
    for channel in channels { await channel.close() }
  }
}
