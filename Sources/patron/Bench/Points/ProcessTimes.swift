internal import Foundation

/// Processor time that this process and what it started have used so far.
struct ProcessTimes: Sendable {
  /// This process alone.
  var caller = Duration.zero
  var service = Duration.zero
  /// All processes of PostgreSQL, those that have ended included.
  var postgres = Duration.zero

  /// Reads /proc (proc(5)): state and parent, own time, and the time of children that have ended.
  static func now() -> ProcessTimes {
    var times = ProcessTimes()
    let tick = 1 / Double(sysconf(Int32(_SC_CLK_TCK)))
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let process = Int32(name), let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
      else { continue }
      let command = text[text.index(after: open)..<close]
      let fields = text[text.index(after: close)...].split(separator: " ")
      guard fields.count > 14 else { continue }
      func seconds(_ first: Int, _ last: Int) -> Duration {
        .seconds(fields[first...last].reduce(0) { $0 + (Double($1) ?? 0) } * tick)
      }
      if process == getpid() { times.caller += seconds(11, 12) }
      if command == "loyalty" { times.service += seconds(11, 12) }
      if command == "postgres" { times.postgres += seconds(11, 14) }
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
