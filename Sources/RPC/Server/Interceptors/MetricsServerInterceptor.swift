public import CoreMetrics
import NIOCore
import Synchronization

/// Measures every call by the names, labels and units of gRFC A66.
///
/// | metric | kind | labels |
/// |---|---|---|
/// | `grpc.server.call.started` | counter | `grpc.method` |
/// | `grpc.server.call.duration` | timer | and `grpc.status` |
/// | `grpc.server.call.sent_total_compressed_message_size` | recorder, bytes | and `grpc.status` |
/// | `grpc.server.call.rcvd_total_compressed_message_size` | recorder, bytes | and `grpc.status` |
///
/// Calls of unknown methods are counted under the method `other`, so that clients cannot create labels. gRFC A66
/// requires durations in seconds. A timer records nanoseconds, and the factory chooses the unit. Buckets:
/// ``HistogramBuckets``. Add it first, so that it measures the other interceptors too.
public final class MetricsServerInterceptor: CallBeginObserver, CallEndObserver {
  private let factory: (any MetricsFactory)?
  /// The metrics by ``ServerContext/methodNumber``.
  private let methods = Mutex<[ServerMethodMetrics?]>([])

  /// - Parameter factory: Creates the metrics. Nil is the process-wide `MetricsSystem`.
  public init(factory: (any MetricsFactory)? = nil) { self.factory = factory }

  /// Counts a call.
  public func began(_ context: ServerContext) { metrics(for: context).started.increment() }

  /// Measures a call.
  public func ended(_ context: ServerContext, _ error: RPCError?) {
    metrics(for: context).record(context, status: error?.code ?? .ok)
  }

  private func metrics(for context: ServerContext) -> ServerMethodMetrics {
    let number = context.methodNumber
    return methods.withLock { methods in
      if number < methods.count, let metrics = methods[number] { return metrics }
      while methods.count <= number { methods.append(nil) }
      let name = number == 0 ? "other" : context.method.fullName
      let metrics = ServerMethodMetrics(method: name, factory: factory ?? MetricsSystem.factory)
      methods[number] = metrics
      return metrics
    }
  }
}

/// The metrics of one method, created once.
private final class ServerMethodMetrics: Sendable {
  /// The metrics of the calls that end with one status.
  private struct StatusMetrics: Sendable {
    let duration: Timer
    let sentBytes: Recorder
    let receivedBytes: Recorder
  }

  let started: Counter
  private let labels: [(String, String)]
  private let factory: any MetricsFactory
  private let succeeded: StatusMetrics
  private let failed = Mutex<[Int: StatusMetrics]>([:])

  init(method: String, factory: any MetricsFactory) {
    labels = [("grpc.method", method)]
    self.factory = factory
    started = Counter(label: "grpc.server.call.started", dimensions: labels, factory: factory)
    succeeded = Self.make(.ok, labels: labels, factory: factory)
  }

  func record(_ context: ServerContext, status: StatusCode) {
    let metrics = metrics(for: status)
    let duration = NIODeadline.now() - context.startedAt
    metrics.duration.recordNanoseconds(duration.nanoseconds)
    metrics.sentBytes.record(context.responseBytes)
    metrics.receivedBytes.record(context.requestBytes)
  }

  private func metrics(for status: StatusCode) -> StatusMetrics {
    if status == .ok { return succeeded }
    return failed.withLock { failed in
      if let metrics = failed[status.rawValue] { return metrics }
      let metrics = Self.make(status, labels: labels, factory: factory)
      failed[status.rawValue] = metrics
      return metrics
    }
  }

  private static func make(
    _ status: StatusCode,
    labels: [(String, String)],
    factory: any MetricsFactory
  ) -> StatusMetrics {
    let labels = labels + [("grpc.status", status.description)]
    func recorder(_ label: String) -> Recorder {
      Recorder(label: "grpc.server.call.\(label)", dimensions: labels, aggregate: true, factory: factory)
    }
    return StatusMetrics(
      duration: Timer(label: "grpc.server.call.duration", dimensions: labels, factory: factory),
      sentBytes: recorder("sent_total_compressed_message_size"),
      receivedBytes: recorder("rcvd_total_compressed_message_size")
    )
  }
}
