import ArgumentParser

/// The developers' command: what must never run beside real data.
@main
struct PatronLab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patron-lab",
    abstract: "Breaks and measures Patron on servers of its own; never beside real data.",
    discussion: """
      Every command starts its own PostgreSQL in a temporary folder and removes it in the end. `patron` is the command for a \
      suite that is there to stay.
      """,
    version: "0.1.0",
    subcommands: [ChaosCommand.self, ChaosCallerCommand.self, BenchCheckoutCommand.self, BenchPointsCommand.self]
  )
}
