import ArgumentParser
import Foundation
import LocalSuite
import RPC
import TillSimulation

/// One of the processes of `patron load --processes`. Takes its plan as JSON and writes a line of JSON for everything that
/// it has to say.
struct LoadWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load-worker",
    abstract: "One process of a load; `patron load --processes` starts it.",
    shouldDisplay: false
  )

  @Argument(help: "The plan, as JSON.")
  var plan: String

  func run() async throws {
    let plan = try JSONDecoder().decode(LoadPlan.self, from: Data(plan.utf8))
    let stop = StopSignal()
    let interrupts = InterruptSignals.stream()
    let listener = Task {
      for await _ in interrupts { stop.request() }
    }
    defer { listener.cancel() }
    let channel = try LoadChannel.open(plan.target, outstandingMaximum: plan.outstandingMaximum)
    let worker = LoadWorker(plan: plan, target: plan.service.target(channel), stop: stop)
    try await worker.run { message in
      guard let line = try? JSONEncoder().encode(message) else { return }
      Terminal.output.write(line: String(decoding: line, as: UTF8.self))
    }
    await channel.close()
  }
}
