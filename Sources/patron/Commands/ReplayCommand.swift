import ArgumentParser
import LocalSuite
import TillSimulation

/// Replays recorded receipts against a running suite.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Sends recorded receipts through the gateway of a running suite, and checks every total.",
    discussion: """
      Households become members, are issued the coupons of the campaigns they were sent, and shop: real receipts, in the \
      order of time for each household, many households at once. Then members and loyalty are asked for every member's \
      purchases, entries and balance, and all of it is compared with the record. Ends with exit code 1 if anything \
      differs.

      Every request has an id that follows from the record, so running it again, or again after a crash, changes nothing.
      """
  )

  @OptionGroup var addresses: AddressOptions

  @Option(help: "The month of 2017 to replay, 1 to 12.")
  var month = 12

  @Flag(help: "Replay the whole year.")
  var all = false

  @Option(help: "How many households shop at once.")
  var concurrency = 64

  @Option(help: "How many seconds a call is sent again while the suite does not answer.")
  var patience = 120

  @Option(help: "The folder of the recorded receipts. Found beside the project if not given.")
  var data: String?

  func validate() throws {
    guard (1...12).contains(month) else { throw ValidationError("--month must be from 1 to 12.") }
    guard (1...10_000).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 10000.") }
    guard (0...86_400).contains(patience) else { throw ValidationError("--patience must be from 0 to 86400.") }
  }

  func run() async throws {
    let terminal = Terminal.output
    let journey = try Journey(directory: try JourneyDirectory.find(data))
    let plan = ReplayPlan(journey, period: all ? .year : .month(month))
    let clients = try addresses.clients()
    let count = Text.count(plan.receiptCount)
    terminal.write(line: "\(plan.period.name): \(count) receipts of \(Text.count(plan.householdCount)) households")
    let replay = Replay(
      plan: plan,
      clients: clients,
      patience: Patience(total: .seconds(patience)),
      concurrency: concurrency,
      terminal: terminal
    )
    let outcome = try await replay.run()
    await clients.close()
    terminal.write(line: "")
    for line in outcome.summary() + outcome.results { terminal.write(line: line) }
    if outcome.mismatchCount > 0 { throw ExitCode.failure }
  }
}
