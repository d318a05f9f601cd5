import FoundationEssentials
import Glibc

/// A process as Linux shows it under `/proc` (proc(5)). Everything is read anew, and is nil once the process is gone.
package struct LinuxProcess: Sendable, Hashable {
  /// Its number.
  package let id: Int32

  /// The process with the number `id`, whether there is one or not.
  package init(id: Int32) {
    self.id = id
  }

  /// This process.
  package static var current: LinuxProcess { LinuxProcess(id: getpid()) }

  /// All processes of the machine.
  package static var all: [LinuxProcess] {
    names(in: "/proc").compactMap { Int32($0) }.map(LinuxProcess.init)
  }

  /// What it is called, whose child it is, and how much time it has used.
  package var status: Status? { text("stat").flatMap { Status(stat: $0) } }

  /// The memory that it holds: the second number of `statm`, in pages.
  package var residentBytes: Int? {
    guard let numbers = text("statm")?.split(separator: " "), numbers.count > 1, let pages = Int(numbers[1]) else {
      return nil
    }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The numbers of its open files. Of this process, one of them is the listing's own.
  package var openFileDescriptors: [Int32] { Self.names(in: path("fd")).compactMap { Int32($0) } }

  /// The folder that it works in.
  package var workingDirectory: String? { target("cwd") }

  /// The file that it runs.
  package var executable: String? { target("exe") }

  private func path(_ name: String) -> String { "/proc/\(id)/\(name)" }

  private func text(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }

  private func target(_ name: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path(name))
  }

  private static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}

extension LinuxProcess {
  /// What `/proc/ID/stat` says.
  package struct Status: Sendable, Hashable {
    /// The program's name, cut to 15 characters.
    package let command: String
    /// Whether it has ended and is only not waited for yet.
    package let hasEnded: Bool
    /// The number of the process that it is a child of.
    package let parent: Int32
    /// The processor time that it has used, in user and in system mode.
    package let processorTime: Duration
    /// That of its children that have ended and been waited for.
    package let processorTimeOfEnded: Duration
    /// When it began, in clock ticks after the machine's start.
    package let startTicks: UInt64

    /// Reads the one line of the file. The program's name, in brackets, may hold anything.
    package init?(stat: String) {
      guard let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")"), open < close else { return nil }
      // Behind the name: state, parent, …, from the 12th on four times, and the 20th is when it began.
      let fields = stat[stat.index(after: close)...].split(separator: " ")
      guard fields.count > 19, let parent = Int32(fields[1]), let startTicks = UInt64(fields[19]) else { return nil }
      func time(_ first: Int) -> Duration {
        .seconds(fields[first...first + 1].reduce(0) { $0 + (Double($1) ?? 0) } / LinuxProcess.ticksPerSecond)
      }
      command = String(stat[stat.index(after: open)..<close])
      hasEnded = fields[0] == "Z" || fields[0] == "X"
      self.parent = parent
      processorTime = time(11)
      processorTimeOfEnded = time(13)
      self.startTicks = startTicks
    }
  }

  /// When it began, in seconds since 1970: `btime` of `/proc/stat` and its ticks after that.
  package var startTimeSeconds: Double? {
    guard let status, let machine = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let bootLine = machine.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let boot = Double(bootLine.dropFirst("btime ".count))
    else { return nil }
    return boot + Double(status.startTicks) / Self.ticksPerSecond
  }

  private static var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }
}
