import CoreMetrics
import Synchronization

/// How often values fell into each bucket, and their sum. Recording is a search among the bounds and two atomic
/// additions.
final class HistogramSeries: TimerHandler, RecorderHandler, @unchecked Sendable {
  let bounds: [Double]
  private let sum = AtomicDouble()
  /// One more than bounds. Allocated once and freed with the series, hence unchecked.
  private let buckets: UnsafeMutablePointer<Atomic<UInt64>>

  init(_ buckets: HistogramBuckets) {
    bounds = buckets.bounds
    self.buckets = .allocate(capacity: bounds.count + 1)
    for index in 0...bounds.count { (self.buckets + index).initialize(to: Atomic(0)) }
  }

  deinit {
    buckets.deinitialize(count: bounds.count + 1)
    buckets.deallocate()
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    buckets[bucket(of: value)].wrappingAdd(1, ordering: .relaxed)
    sum.add(value)
  }

  /// The number of values in each bucket, and the sum of all.
  var snapshot: (counts: [UInt64], sum: Double) {
    ((0...bounds.count).map { buckets[$0].load(ordering: .relaxed) }, sum.value)
  }

  /// The first bucket whose bound is not below the value.
  private func bucket(of value: Double) -> Int {
    var low = 0
    var high = bounds.count
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The upper bounds of a histogram's buckets, in ascending order.
public struct HistogramBuckets: Sendable {
  /// The bounds; the last bucket, without a bound, is added to them.
  public let bounds: [Double]

  /// Buckets with these bounds, in any order.
  public init(_ bounds: [Double]) {
    self.bounds = Array(Set(bounds)).sorted()
  }

  /// Seconds, as gRFC A66 lists them for call durations.
  public static let latencySeconds = HistogramBuckets([
    0, 0.00001, 0.00005, 0.0001, 0.0003, 0.0006, 0.0008, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.013,
    0.016, 0.02, 0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 2, 5,
    10, 20, 50, 100,
  ])

  /// Bytes, as gRFC A66 lists them for message sizes.
  public static let sizeBytes = HistogramBuckets([
    0, 1_024, 2_048, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864, 268_435_456,
    1_073_741_824, 4_294_967_296,
  ])

  /// Powers of two from 1 to 65,536, as gRFC A66 lists them for counts.
  public static let counts = HistogramBuckets([0] + (0...16).map { Double(1 << $0) })
}
