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
    var processes: [Int32: ProcessStatus] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      if let number = Int32(name), let status = ProcessStatus(of: number) { processes[number] = status }
    }
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
      if number == own { times.caller += status.own }
      if status.command == "loyalty" { times.service += status.own }
      if status.command == "postgres" { times.postgres += status.own + status.ofEnded }
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

/// What /proc/*/stat says of a process (proc(5)).
private struct ProcessStatus {
  var command: Substring
  var parent: Int32
  /// Its own time, in user and in system mode.
  var own: Duration
  /// That of its children that have ended.
  var ofEnded: Duration

  init?(of process: Int32) {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
    else { return nil }
    // Behind the name: state, parent, …, and from the 12th on four times.
    let fields = text[text.index(after: close)...].split(separator: " ")
    guard fields.count > 14, let parent = Int32(fields[1]) else { return nil }
    let tick = 1 / Double(sysconf(Int32(_SC_CLK_TCK)))
    func seconds(_ first: Int, _ last: Int) -> Duration {
      .seconds(fields[first...last].reduce(0) { $0 + (Double($1) ?? 0) } * tick)
    }
    command = text[text.index(after: open)..<close]
    self.parent = parent
    own = seconds(11, 12)
    ofEnded = seconds(13, 14)
  }
}
