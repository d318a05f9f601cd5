import Foundation

/// How much memory the service had, over a run.
struct MemorySamples: Sendable {
  private var samples: [Int] = []

  /// Takes a sample every second until the task is cancelled.
  static func collect() async -> MemorySamples {
    var samples = MemorySamples()
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      if let bytes = residentBytes() { samples.samples.append(bytes) }
    }
    return samples
  }

  /// How much the last tenth of the samples is above the second tenth, in percent. The first is warming up.
  var growthPercent: Double? {
    let tenth = samples.count / 10
    guard tenth > 0 else { return nil }
    let (early, late) = (Self.mean(samples[tenth..<2 * tenth]), Self.mean(samples.suffix(tenth)))
    return (late - early) / early * 100
  }

  /// The most there was.
  var mostBytes: Int { samples.max() ?? 0 }

  private static func mean(_ samples: ArraySlice<Int>) -> Double {
    Double(samples.reduce(0, +)) / Double(samples.count)
  }

  /// Reads the second number of /proc/*/statm (proc(5)) of the service.
  private static func residentBytes() -> Int? {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int32(name) != nil {
      guard let command = try? String(contentsOfFile: "/proc/\(name)/comm", encoding: .utf8), command == "loyalty\n",
        let text = try? String(contentsOfFile: "/proc/\(name)/statm", encoding: .utf8),
        let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
      else { continue }
      return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
    return nil
  }
}
