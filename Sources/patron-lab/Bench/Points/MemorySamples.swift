import Basics
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

  private static func residentBytes() -> Int? {
    LinuxProcess.all.first { $0.status?.command == "loyalty" }?.residentBytes
  }
}
