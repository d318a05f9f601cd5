import ArgumentParser
import LocalSuite

/// What services could not apply of each other's events.
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Shows what services could not apply of each other's events, and has it tried again.",
    discussion: """
      A service that follows another one applies each event once. One that it cannot apply is set aside, and later events \
      of the same member wait behind it, in order; everybody else's go on. The service tries again by itself, and when it \
      starts: after an update that mends the cause there is nothing to do. docs/operations.md says more.

      Works on the services' databases: of the suite in the local folder, or of the server that PATRON_DATABASE_URL, \
      PATRON_<SERVICE>_DATABASE_URL or --database names.
      """,
    subcommands: [EventsListCommand.self, EventsRetryCommand.self, EventsSkipCommand.self]
  )
}

/// Which service's events are meant.
struct EventsOptions: ParsableArguments {
  @Option(
    help: "The service that follows: \(ServiceCatalogue.databaseOwners.joined(separator: ", ")). All if not given."
  )
  var service: String?

  @Option(help: "The URL of that service's database: postgresql://role:password@host:port/database.")
  var database: String?

  @Option(help: "The folder of the suite, with the private PostgreSQL and the passwords.")
  var local = ".local"

  @Option(help: "Only events of this service.")
  var source: String?

  @Option(help: "Only events of this key: the id of the member that they are about.")
  var key: String?

  @Option(help: "Only the event with this id.")
  var event: String?

  func validate() throws {
    if let service, !ServiceCatalogue.databaseOwners.contains(service) {
      throw ValidationError("--service must be one of \(ServiceCatalogue.databaseOwners.joined(separator: ", ")).")
    }
    if database != nil, service == nil { throw ValidationError("--database needs --service.") }
  }

  /// The services that are meant.
  var services: [String] { service.map { [$0] } ?? ServiceCatalogue.databaseOwners }

  /// The events that are meant.
  var selection: SetAsideEvents.Selection {
    SetAsideEvents.Selection(source: source, key: key, eventID: event)
  }

  /// Runs `body` on what a service has set aside.
  func with<Value>(_ service: String, _ body: (SetAsideEvents) async throws -> Value) async throws -> Value {
    try await ServiceDatabase.with(service: service, url: database, local: local) { database in
      try await body(SetAsideEvents(database: database))
    }
  }
}

/// Lists what is set aside.
struct EventsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the events that could not be applied, oldest first, and counts those that wait behind them."
  )

  @OptionGroup var events: EventsOptions

  @Flag(help: "Also list the events that were skipped.")
  var skipped = false

  @Option(help: "The most events to list of each service.")
  var limit = 50

  func validate() throws {
    guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
  }

  func run() async throws {
    let terminal = Terminal.output
    for service in events.services {
      let (counts, found) = try await events.with(service) { store in
        (
          try await store.counts(events.selection),
          try await store.list(events.selection, withSkipped: skipped, limit: limit)
        )
      }
      let counted =
        "\(Text.count(counts.setAside)) events are set aside, \(Text.count(counts.waiting)) wait behind them"
      terminal.write(line: "\(service): \(counted)")
      for line in found.flatMap(\.lines) { terminal.write(line: line) }
    }
  }
}
