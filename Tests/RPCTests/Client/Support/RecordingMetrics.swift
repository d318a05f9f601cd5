import CoreMetrics
import Synchronization

/// Stores every recorded value by the name and labels of its metric.
final class RecordingMetrics: MetricsFactory {
  private let recorded = Mutex<[String: [Double]]>([:])

  var values: [String: [Double]] { recorded.withLock { $0 } }

  private final class Sink: CounterHandler, RecorderHandler, TimerHandler {
    let metrics: RecordingMetrics
    let name: String

    init(_ metrics: RecordingMetrics, _ name: String) {
      self.metrics = metrics
      self.name = name
    }

    func increment(by amount: Int64) { record(Double(amount)) }
    func reset() {}
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration)) }
    func record(_ value: Double) { metrics.recorded.withLock { $0[name, default: []].append(value) } }
  }

  private func sink(_ label: String, _ dimensions: [(String, String)]) -> Sink {
    Sink(self, "\(label){\(dimensions.map { "\($0)=\($1)" }.joined(separator: ","))}")
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { sink(label, dimensions) }
  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { sink(label, dimensions) }
  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    sink(label, dimensions)
  }
  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
}
