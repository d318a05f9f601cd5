import CoreMetrics
import RPC
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
  public static let latencySeconds = HistogramBuckets(RPC.HistogramBuckets.durationSeconds)

  /// Bytes, as gRFC A66 lists them for message sizes.
  public static let sizeBytes = HistogramBuckets(RPC.HistogramBuckets.sizeBytes)

  /// Powers of two from 1 to 65,536, as gRFC A66 lists them for counts.
  public static let counts = HistogramBuckets([0] + (0...16).map { Double(1 << $0) })
}
