import ArgumentParser
import Foundation
import LocalSuite
import TillSimulation

/// Shows the suite at work.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Starts the suite, sends December of a real grocery chain through it, and says what happened.",
    discussion: """
      The receipts are those of "The Complete Journey" in Examples/complete-journey. Running it again changes nothing: \
      every receipt has a request id of its own, and the suite knows it.

      Stays up until Ctrl-C afterwards when it runs on a terminal, and ends otherwise; --stay and --exit say which.
      """
  )

  @OptionGroup var options: LocalOptions

  @Option(help: "The folder of the recorded receipts. Found beside the project if not given.")
  var data: String?

  @Flag(help: "Stop the suite and end after the summary.")
  var exit = false

  @Flag(help: "Stay up until Ctrl-C or SIGTERM, also without a terminal.")
  var stay = false

  func validate() throws {
    if exit, stay { throw ValidationError("--exit and --stay contradict each other.") }
  }

  func run() async throws {
    let terminal = Terminal.output
    let directory = try JourneyDirectory.find(data)
    let hasTerminal = terminal.isInteractive && isatty(STDIN_FILENO) == 1
    let staysUp = stay || (!exit && hasTerminal)
    terminal.write(line: "Starting PostgreSQL, \(ServiceCatalogue.names.joined(separator: ", ")) …")
    let exitCode = try await SuiteSession.run(options.suite(.files), terminal: terminal) { [options] suite, local in
      for line in local.addresses { terminal.write(line: "  \(line)") }
      let demo = Demo(directory: directory, ports: SuitePorts(base: options.port), terminal: terminal)
      let mismatches = try await demo.run()
      guard staysUp else {
        let hint = exit ? "" : " There is no terminal to end it from; --stay keeps it up (make run ARGS=--stay)."
        terminal.write(line: "The suite is stopped now.\(hint)")
        return .stop(exitCode: mismatches == 0 ? 0 : 1)
      }
      terminal.write(line: "The suite stays up; its logs are in \(local.local.path)/logs. Ctrl-C stops it.")
      return .stayUp
    }
    guard exitCode == 0 else { throw ExitCode(exitCode) }
  }
}
