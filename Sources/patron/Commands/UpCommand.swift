import ArgumentParser
import LocalSuite

/// Runs the suite until it is asked to end.
struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Starts PostgreSQL and all services, and runs them until Ctrl-C.",
    discussion: """
      PostgreSQL is a private one in the local folder, unless the environment variable PATRON_DATABASE_URL names another \
      server: postgresql://role:password@host:port/database, with a role that may create roles and schemas. Each service \
      gets a role and a schema of its own, with no rights on the others', and migrates it.

      Ctrl-C or SIGTERM lets running calls finish; a second one ends everything at once. A process that dies is reported \
      and the rest is stopped, with exit code 1, unless --keep-going is given.

      Settings of the services are taken from the environment: `gateway --help` and the others' list them.
      """
  )

  @OptionGroup var options: LocalOptions

  @Option(
    help: ArgumentHelp(
      "Start this service and not the others: \(ServiceCatalogue.names.joined(separator: ", ")).",
      discussion: "May be given several times. The points service needs no other to be load-tested."
    )
  )
  var only: [String] = []

  func validate() throws {
    for service in only where !ServiceCatalogue.names.contains(service) {
      throw ValidationError(
        "There is no service \"\(service)\"; --only takes \(ServiceCatalogue.names.joined(separator: ", "))."
      )
    }
  }

  func run() async throws {
    var suite = options.suite(.terminal)
    if !only.isEmpty { suite.services = ServiceCatalogue.names.filter(only.contains) }
    let exitCode = try await SuiteSession.run(suite, terminal: .output) { suite, local in
      for line in local.addresses { local.console.say(line) }
      local.console.say("\(only.isEmpty ? "Everything" : "What was asked for") is ready. Ctrl-C stops it.")
      return .stayUp
    }
    guard exitCode == 0 else { throw ExitCode(exitCode) }
  }
}
