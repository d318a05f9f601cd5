public import CoreMetrics
import Synchronization

/// Keeps what a process measures and writes it as Prometheus text.
///
/// Recording touches atomics only; a lock is taken when a series is made and when all are read. Callers keep the handle
/// (`Counter`, `Timer`, …) rather than making it for every call. The same name and labels give the same series.
public final class PrometheusRegistry: Sendable {
  /// What is read at the moment of a scrape.
  public typealias Collector = @Sendable (inout PrometheusText) -> Void

  private struct State {
    var families: [String: PrometheusFamily] = [:]
    var collectors: [Collector] = []
  }

  private let state = Mutex(State())
  private let buckets: [String: HistogramBuckets]
  private let seriesMaximum: Int

  /// - Parameters:
  ///   - buckets: Bounds by metric label, for histograms other than ``HistogramBuckets/latencySeconds`` (timers) and
  ///     ``HistogramBuckets/counts`` (recorders). Labels that end in `message_size`, as gRFC A66 names them, have ``HistogramBuckets/sizeBytes``.
  ///   - seriesMaximum: The most series of one name; further label values are counted together under
  ///     `overflow="true"`. 2,000: a few hundred methods times the status codes that occur.
  public init(buckets: [String: HistogramBuckets] = [:], seriesMaximum: Int = 2_000) {
    self.buckets = buckets
    self.seriesMaximum = seriesMaximum
  }

  /// Adds something that is read at every scrape.
  public func onScrape(_ collector: @escaping Collector) {
    state.withLock { $0.collectors.append(collector) }
  }

  /// Adds a gauge whose value is asked for at every scrape; it replaces one of the same name and labels.
  public func gauge(_ label: String, dimensions: [(String, String)] = [], _ read: @escaping @Sendable () -> Double) {
    let name = PrometheusName.metric(label, suffix: "")
    state.withLock { state in
      var family = state.families[name] ?? PrometheusFamily(name: name, kind: .gauge)
      family.replace(ComputedSeries(read), dimensions)
      state.families[name] = family
    }
  }

  /// Everything as Prometheus text.
  public func scrape() -> String {
    let (families, collectors) = state.withLock { ($0.families, $0.collectors) }
    var text = PrometheusText()
    for (_, family) in families.sorted(by: { $0.key < $1.key }) { family.write(to: &text) }
    for collector in collectors { collector(&text) }
    return text.text
  }

  private func series<Series: AnyObject & Sendable>(
    _ label: String,
    suffix: String,
    type: PrometheusFamily.Kind,
    dimensions: [(String, String)],
    make: () -> Series
  ) -> Series {
    let name = PrometheusName.metric(label, suffix: suffix)
    return state.withLock { state in
      var family = state.families[name] ?? PrometheusFamily(name: name, kind: type)
      let found = family.series(dimensions, maximum: seriesMaximum, make: make)
      state.families[name] = family
      return found
    }
  }

  private func remove(_ series: AnyObject) {
    state.withLock { state in
      for name in state.families.keys { state.families[name]?.remove(series) }
    }
  }
}

extension PrometheusRegistry: MetricsFactory {
  /// A counter; its name gets `_total`.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, suffix: "_total", type: .counter, dimensions: dimensions) { CounterSeries() }
  }

  /// A counter of fractions; its name gets `_total`.
  public func makeFloatingPointCounter(
    label: String,
    dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(label, suffix: "_total", type: .counter, dimensions: dimensions) { CounterSeries() }
  }

  /// A gauge.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, suffix: "", type: .gauge, dimensions: dimensions) { GaugeSeries() }
  }

  /// A histogram when it aggregates, else a gauge. What it counts is for its label to say, except bytes of messages: the
  /// names of gRFC A66 leave the unit out.
  public func makeRecorder(
    label: String,
    dimensions: [(String, String)],
    aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return series(label, suffix: "", type: .gauge, dimensions: dimensions) { GaugeSeries() } }
    let isBytes = label.hasSuffix("message_size")
    let bounds = buckets[label] ?? (isBytes ? .sizeBytes : .counts)
    return series(label, suffix: isBytes ? "_bytes" : "", type: .histogram, dimensions: dimensions) {
      HistogramSeries(bounds)
    }
  }

  /// A histogram of seconds; its name gets `_seconds`.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let bounds = buckets[label] ?? .latencySeconds
    return series(label, suffix: "_seconds", type: .histogram, dimensions: dimensions) { HistogramSeries(bounds) }
  }

  /// Forgets the series.
  public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  /// Forgets the series.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
  /// Forgets the series.
  public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  /// Forgets the series.
  public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  /// Forgets the series.
  public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
