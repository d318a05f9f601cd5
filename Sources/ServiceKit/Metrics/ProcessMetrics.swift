import Foundation

/// What the operating system says about this process, under the names of Prometheus's client libraries.
enum ProcessMetrics {
  /// Adds the process's series to a registry.
  static func register(in registry: PrometheusRegistry) {
    let start = startTimeSeconds()
    registry.onScrape { text in
      text.counter("process_cpu_seconds_total", "Processor time, user and system, in seconds.", cpuSeconds())
      if let bytes = residentBytes() {
        text.gauge("process_resident_memory_bytes", "Memory held, in bytes.", Double(bytes))
      }
      if let count = openFileDescriptors() {
        text.gauge("process_open_fds", "Open file descriptors.", Double(count))
      }
      text.gauge("process_max_fds", "The limit on open file descriptors.", maximumFileDescriptors())
      if let start { text.gauge("process_start_time_seconds", "When the process began, in Unix seconds.", start) }
    }
  }

  /// `clock(3)`: user and system time of all threads, in millionths of a second on every POSIX system.
  private static func cpuSeconds() -> Double { Double(clock()) / 1_000_000 }

  /// The second number of `/proc/self/statm` (proc(5)), in pages.
  private static func residentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let numbers = text.split(separator: " ")
    return numbers.count > 1 ? Int(numbers[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
  }

  private static func openFileDescriptors() -> Int? {
    // The listing itself holds one open.
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { $0.count - 1 }
  }

  private static func maximumFileDescriptors() -> Double {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    return Double(limit.rlim_cur)
  }

  /// Field 22 of `/proc/self/stat` (clock ticks after boot) and `btime` of `/proc/stat` (proc(5)).
  private static func startTimeSeconds() -> Double? {
    guard let own = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let machine = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let afterName = own.range(of: ")", options: .backwards),
      let bootLine = machine.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let boot = Double(bootLine.dropFirst("btime ".count))
    else { return nil }
    let fields = own[afterName.upperBound...].split(separator: " ")
    guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
