internal import ArgumentParser
internal import Foundation
internal import RPC

/// The caller of `patron chaos`, which is killed like everything else. Takes its plan as JSON.
struct ChaosCallerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos-caller",
    abstract: "The caller of a fault suite; `patron chaos` starts it.",
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
