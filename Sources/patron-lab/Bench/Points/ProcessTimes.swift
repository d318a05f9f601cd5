import Basics
import Foundation

/// Processor time that this process and what it started have used so far.
struct ProcessTimes: Sendable {
  /// This process alone.
  var caller = Duration.zero
  var service = Duration.zero
  /// All processes of PostgreSQL, those that have ended included.
  var postgres = Duration.zero

  /// Reads /proc. Others on the machine that are called the same do not count.
  static func now() -> ProcessTimes {
    let own = getpid()
    var processes: [Int32: LinuxProcess.Status] = [:]
    for process in LinuxProcess.all { processes[process.id] = process.status }
    func isOurs(_ number: Int32) -> Bool {
      var ancestor = number
      while ancestor != own {
        guard let parent = processes[ancestor]?.parent else { return false }
        ancestor = parent
      }
      return true
    }
    var times = ProcessTimes()
    for (number, status) in processes where isOurs(number) {
      if number == own { times.caller += status.processorTime }
      if status.command == "loyalty" { times.service += status.processorTime }
      if status.command == "postgres" { times.postgres += status.processorTime + status.processorTimeOfEnded }
    }
    return times
  }

  static func - (left: ProcessTimes, right: ProcessTimes) -> ProcessTimes {
    ProcessTimes(
      caller: left.caller - right.caller,
      service: left.service - right.service,
      postgres: left.postgres - right.postgres
    )
  }
}
