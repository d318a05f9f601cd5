import Basics
import Foundation

/// What the operating system says about this process, under the names of Prometheus's client libraries.
enum ProcessMetrics {
  /// Adds the process's series to a registry.
  static func register(in registry: PrometheusRegistry) {
    let process = LinuxProcess.current
    let start = process.startTimeSeconds
    registry.onScrape { text in
      text.counter("process_cpu_seconds_total", "Processor time, user and system, in seconds.", cpuSeconds())
      if let bytes = process.residentBytes {
        text.gauge("process_resident_memory_bytes", "Memory held, in bytes.", Double(bytes))
      }
      // The listing itself holds one open.
      let count = process.openFileDescriptors.count
      if count > 0 { text.gauge("process_open_fds", "Open file descriptors.", Double(count - 1)) }
      text.gauge("process_max_fds", "The limit on open file descriptors.", maximumFileDescriptors())
      if let start { text.gauge("process_start_time_seconds", "When the process began, in Unix seconds.", start) }
    }
  }

  /// `clock(3)`: user and system time of all threads, in millionths of a second on every POSIX system.
  private static func cpuSeconds() -> Double { Double(clock()) / 1_000_000 }

  private static func maximumFileDescriptors() -> Double {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    return Double(limit.rlim_cur)
  }
}
