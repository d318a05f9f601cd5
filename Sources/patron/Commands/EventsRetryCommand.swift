import ArgumentParser
import LocalSuite

/// Has events tried again that are set aside.
struct EventsRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Has the services try again what they have set aside, and says what came of it.",
    discussion: """
      The services do it, so they must be running. What can be applied is applied, then what waits behind it. Ends with exit \
      code 1 if an event still cannot be applied, or has not been tried within --wait.
      """
  )

  @OptionGroup var events: EventsOptions

  @Flag(help: "Retry all that is set aside. Otherwise name --source, --key or --event.")
  var all = false

  @Option(help: "How many seconds to wait for the services.")
  var wait = 30

  func validate() throws {
    if !all, events.selection == SetAsideEvents.Selection() {
      throw ValidationError("Name --source, --key or --event, or say --all.")
    }
    guard (0...3_600).contains(wait) else { throw ValidationError("--wait must be from 0 to 3600.") }
  }

  func run() async throws {
    var isEverythingApplied = true
    for service in events.services {
      let lines = try await events.with(service) { store in
        let outcome = try await EventsRetry(store: store, wait: .seconds(wait)).run(events.selection)
        if !outcome.refused.isEmpty || outcome.untried > 0 { isEverythingApplied = false }
        return outcome.lines(service)
      }
      for line in lines { Terminal.output.write(line: line) }
    }
    if !isEverythingApplied { throw ExitCode.failure }
  }
}

/// Gives an event up.
struct EventsSkipCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip",
    abstract: "Gives up one event that can never be applied, so that those behind it go on.",
    discussion: """
      What the event says stays missing in that service for ever; correct it by hand. The event is kept with the reason: \
      `patron events list --skipped` shows it.
      """
  )

  @OptionGroup var events: EventsOptions

  @Option(help: "Why it is given up, and who says so.")
  var reason: String

  func validate() throws {
    guard events.service != nil, events.event != nil else { throw ValidationError("Name --service and --event.") }
    guard !reason.allSatisfy(\.isWhitespace) else { throw ValidationError("--reason must say something.") }
  }

  func run() async throws {
    for service in events.services {
      let skipped = try await events.with(service) { store -> SetAsideEvent? in
        guard let event = try await store.list(events.selection, limit: 1).first,
          try await store.skip(event, because: reason)
        else { return nil }
        return event
      }
      guard let skipped else { throw SuiteError("\(service) has set no such event aside.") }
      Terminal.output.write(
        line: "\(service): skipped event \(skipped.eventID) of \(skipped.key); \(Text.count(skipped.waiting)) go on"
      )
    }
  }
}
