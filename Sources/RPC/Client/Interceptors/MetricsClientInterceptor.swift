import Basics
public import CoreMetrics
import Synchronization

/// Measures every call and every attempt by the names, labels and units of gRFC A66.
///
/// | metric | kind | labels |
/// |---|---|---|
/// | `grpc.client.attempt.started` | counter | `grpc.method`, `grpc.target` |
/// | `grpc.client.attempt.duration` | timer | and `grpc.status` |
/// | `grpc.client.attempt.sent_total_compressed_message_size` | recorder, bytes | and `grpc.status` |
/// | `grpc.client.attempt.rcvd_total_compressed_message_size` | recorder, bytes | and `grpc.status` |
/// | `grpc.client.call.duration` | timer | and `grpc.status` |
///
/// gRFC A66 requires durations in seconds. A timer records nanoseconds, and the factory chooses the unit. Buckets:
/// ``HistogramBuckets``.
public final class MetricsClientInterceptor: ClientInterceptor {
  private let factory: (any MetricsFactory)?
  private let methods = Mutex<[MethodMetrics.Key: MethodMetrics]>([:])

  /// - Parameter factory: Creates the metrics. Nil is the process-wide ``MetricsSystem``.
  public init(factory: (any MetricsFactory)? = nil) {
    self.factory = factory
  }

  /// Adds an observer that measures the call.
  public func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result {
    var call = call
    call.observers.append(metrics(for: call))
    return try await next(call)
  }

  private func metrics(for call: OutgoingCall) -> MethodMetrics {
    let key = MethodMetrics.Key(path: call.method.path, target: call.target)
    return methods.withLock { methods in
      if let metrics = methods[key] { return metrics }
      let metrics = MethodMetrics(method: call.method, target: call.target, factory: factory ?? MetricsSystem.factory)
      methods[key] = metrics
      return metrics
    }
  }
}

/// The metrics of one method of one target, created once. Observes all calls of the method, because each event carries
/// its values.
private final class MethodMetrics: CallObserver {
  struct Key: Hashable {
    var path: String
    var target: String
  }

  /// The metrics of the calls that end with one status.
  private struct StatusMetrics: Sendable {
    let attemptDuration: Timer
    let sentBytes: Recorder
    let receivedBytes: Recorder
    let callDuration: Timer
  }

  private let factory: any MetricsFactory
  private let labels: [(String, String)]
  private let started: Counter
  private let statuses = Mutex<[Int: StatusMetrics]>([:])

  init(method: MethodDescriptor, target: String, factory: any MetricsFactory) {
    self.factory = factory
    labels = [("grpc.method", method.fullName), ("grpc.target", target)]
    started = Counter(label: "grpc.client.attempt.started", dimensions: labels, factory: factory)
  }

  func startedAttempt() {
    started.increment()
  }

  func endedAttempt(_ summary: AttemptSummary) {
    let metrics = metrics(for: summary.status)
    metrics.attemptDuration.recordNanoseconds(summary.duration.wholeNanoseconds)
    metrics.sentBytes.record(summary.sentMessageBytes)
    metrics.receivedBytes.record(summary.receivedMessageBytes)
  }

  func ended(_ summary: CallSummary) {
    metrics(for: summary.status).callDuration.recordNanoseconds(summary.duration.wholeNanoseconds)
  }

  private func metrics(for status: StatusCode) -> StatusMetrics {
    statuses.withLock { statuses in
      if let metrics = statuses[status.rawValue] { return metrics }
      let metrics = makeMetrics(status)
      statuses[status.rawValue] = metrics
      return metrics
    }
  }

  private func makeMetrics(_ status: StatusCode) -> StatusMetrics {
    let labels = labels + [("grpc.status", status.description)]
    func recorder(_ label: String) -> Recorder {
      Recorder(label: "grpc.client.\(label)", dimensions: labels, aggregate: true, factory: factory)
    }
    func timer(_ label: String) -> Timer {
      Timer(label: "grpc.client.\(label)", dimensions: labels, factory: factory)
    }
    return StatusMetrics(
      attemptDuration: timer("attempt.duration"),
      sentBytes: recorder("attempt.sent_total_compressed_message_size"),
      receivedBytes: recorder("attempt.rcvd_total_compressed_message_size"),
      callDuration: timer("call.duration")
    )
  }
}
