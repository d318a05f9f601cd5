internal import ArgumentParser

/// Runs the suite until it is asked to end.
struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Starts PostgreSQL and the five services, and runs them until Ctrl-C.",
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

  func run() async throws {
    try await SuiteSession.run(options.suite(.terminal), terminal: .output) { suite, local in
      for line in local.addresses { local.console.say(line) }
      local.console.say("Everything is ready. Ctrl-C stops it.")
      return .stayUp
    }
  }
}
