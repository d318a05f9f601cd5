import Basics
import Foundation
package import LocalSuite
import Logging
import RPC
import ServiceKit

/// Runs a plan once, in this process or in several of its own, and merges what came of it.
package struct LoadRun: Sendable {
  /// The time between the decision to run and the first request: children start and connect meanwhile.
  private static let lead: Duration = .milliseconds(2_000)
  /// How much longer than its time and its last answer's a child may take before it is taken to hang.
  private static let childGrace: Duration = .seconds(15)

  /// How many processes send.
  var processes: Int
  /// The program of this command, to start children with.
  var executable: String
  let stop: StopSignal
  let terminal: Terminal

  package init(processes: Int, executable: String, stop: StopSignal, terminal: Terminal) {
    self.processes = processes
    self.executable = executable
    self.stop = stop
    self.terminal = terminal
  }

  /// Runs the plan.
  ///
  /// - Parameter channel: The way to the service; used if this process does it all.
  func run(_ plan: LoadPlan, title: String, channel: any ClientChannel) async throws -> LoadSeries {
    var plan = plan
    let lead: Duration = processes == 1 ? .milliseconds(200) : Self.lead
    plan.startsAtUnixMicroseconds = WallClock.system.unixMicroseconds + Int64(lead / .microseconds(1))
    let progress = LoadProgress(title, seconds: plan.seconds, terminal: terminal)
    let start = ContinuousClock.now + lead
    let display = Task { await progress.show(from: start) }
    do {
      if processes == 1 {
        let worker = LoadWorker(plan: plan, target: plan.service.target(channel), stop: stop)
        try await worker.run(report: progress.add)
      } else {
        try await runChildren(plan, progress, lead: lead)
      }
    } catch {
      display.cancel()
      await display.value
      throw error
    }
    display.cancel()
    await display.value
    return progress.series
  }

  /// Starts the children, passes a stop on to them, and waits for all to end.
  private func runChildren(_ plan: LoadPlan, _ progress: LoadProgress, lead: Duration) async throws {
    var children: [LoadChild] = []
    do {
      for index in 0..<processes {
        var part = plan
        part.process = ProcessShare(index: index, count: processes)
        children.append(try await LoadChild(part, executable: executable, progress: progress))
      }
    } catch {
      for child in children { child.signal(SIGKILL) }
      for child in children { await child.waitForEnd() }
      throw error
    }
    let all = children
    let patience = lead + .seconds(plan.seconds) + .milliseconds(plan.timeoutMilliseconds) + Self.childGrace
    let watch = Task { [stop] in
      let deadline = ContinuousClock.now + patience
      guard await stop.wait(until: { $0.isRequested || deadline < .now }) else { return }
      for child in all { child.signal(stop.isRequested ? SIGINT : SIGKILL) }
      guard await stop.wait(until: { $0.isUrgent || deadline < .now }) else { return }
      for child in all { child.signal(SIGKILL) }
    }
    for child in all { await child.waitForEnd() }
    watch.cancel()
  }
}

/// One of several processes that share a load.
struct ProcessShare: Codable, Hashable, Sendable {
  /// From 0.
  var index = 0
  var count = 1

  /// How many of `total` things are this process's.
  func part(of total: Int) -> Int {
    (index + 1) * total / count - index * total / count
  }
}
