import ArgumentParser
import LocalSuite

/// The operator's command.
@main
struct Patron: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patron",
    abstract: "Runs a Patron suite on this machine, and shows and measures what it does.",
    discussion: """
      A suite is PostgreSQL and its services: \(ServiceCatalogue.names.joined(separator: ", ")). Tills and apps call the \
      gateway. `patron demo` shows it at work; `patron up` runs it until Ctrl-C.
      """,
    version: "0.1.0",
    subcommands: [
      UpCommand.self, DemoCommand.self, ReplayCommand.self, MigrateCommand.self, AuditCommand.self, LoadCommand.self,
      LoadWorkerCommand.self, EventsCommand.self,
    ]
  )
}
