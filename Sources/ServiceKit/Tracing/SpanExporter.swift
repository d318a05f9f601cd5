import Basics
public import CoreMetrics
public import Logging
import OpenTelemetryProto
public import RPC
import Synchronization

/// Sends the spans of sampled calls to a collector in batches, by OTLP/gRPC.
///
/// Calls only put their span into a queue. When the collector is slow or away the queue fills, and what does not fit is
/// dropped and counted; no call ever waits.
///
/// | metric | kind | labels |
/// |---|---|---|
/// | `patron_spans_exported` | counter | |
/// | `patron_spans_dropped` | counter | `reason`: `queue_full`, `rejected` (the collector does not want them), `shutdown` |
public final class SpanExporter: CallSpanRecorder {
  private typealias Request = OpentelemetryProtoCollectorTraceV1.ExportTraceServiceRequest
  private typealias Client = OpentelemetryProtoCollectorTraceV1.TraceServiceClient

  private let service: String
  private let settings: SpanExportSettings
  private let channel: Channel
  private let logger: Logger
  private let queue: SpanQueue
  private let changes = ChangeSignal()
  private let stopping = Mutex<ContinuousClock.Instant?>(nil)
  private let loop = Mutex<Task<Void, Never>?>(nil)
  private let exported: Counter
  private let dropped: (queueFull: Counter, rejected: Counter, shutdown: Counter)

  /// Makes an exporter and begins to send.
  ///
  /// - Parameters:
  ///   - service: The name of the service, the resource attribute `service.name`.
  ///   - target: The collector.
  ///   - tls: How it is called; nil is in the clear.
  ///   - metrics: Where the counters are made.
  public init(
    service: String,
    target: ChannelTarget,
    tls: ClientTLS? = nil,
    settings: SpanExportSettings = SpanExportSettings(),
    metrics: any MetricsFactory,
    logger: Logger
  ) {
    self.service = service
    self.settings = settings
    self.logger = logger
    queue = SpanQueue(capacity: settings.queueSpans)
    // No interceptors: calls to the collector must not make spans themselves.
    channel = Channel(
      target: target,
      configuration: ChannelConfiguration(closeGrace: .seconds(1), tls: tls),
      logger: logger
    )
    exported = Counter(label: "patron_spans_exported", dimensions: [], factory: metrics)
    func dropped(_ reason: String) -> Counter {
      Counter(label: "patron_spans_dropped", dimensions: [("reason", reason)], factory: metrics)
    }
    self.dropped = (dropped("queue_full"), dropped("rejected"), dropped("shutdown"))
    loop.withLock { $0 = Task { await self.run() } }
  }

  /// Puts a span into the queue, or drops it when that is full.
  public func record(_ span: CallSpan) {
    guard let count = queue.append(span) else { return dropped.queueFull.increment() }
    // Once as a batch fills; the spans after it are found when it has been sent.
    if count == settings.batchSpans { changes.announce() }
  }

  /// Sends what is left, for the time of one call at most, and closes the connection. Spans recorded later are dropped.
  public func shutdown() async {
    stopping.withLock { $0 = $0 ?? ContinuousClock.now + settings.timeout }
    changes.announce()
    let loop = loop.withLock { loop in
      defer { loop = nil }
      return loop
    }
    await loop?.value
    await channel.close()
  }

  // MARK: The loop

  /// When the last spans must have been sent; nil while the process goes on.
  private var end: ContinuousClock.Instant? { stopping.withLock { $0 } }

  private func run() async {
    while end == nil {
      let seen = changes.generation
      if queue.count < settings.batchSpans, end == nil { await changes.wait(since: seen, atMost: settings.interval) }
      await send(queue.take())
    }
    await send(queue.take())
  }

  /// Sends spans batch by batch, trying again as long as the collector may take them later. When the process ends, the
  /// first failure is the last.
  private func send(_ spans: [CallSpan]) async {
    var rest = spans[...]
    var backoff = Backoff(first: settings.retryInitial, maximum: settings.retryMaximum)
    while !rest.isEmpty {
      let batch = rest.prefix(settings.batchSpans)
      if await export(Array(batch)) {
        rest = rest.dropFirst(batch.count)
        queue.release(batch.count)
        backoff.succeeded()
      } else if end == nil {
        await wait(backoff.failed())
      } else {
        dropped.shutdown.increment(by: rest.count)
        queue.release(rest.count)
        return
      }
    }
  }

  /// Waits after a failure; the end of the process ends it.
  private func wait(_ pause: Duration) async {
    let time = ContinuousClock.now + pause
    while ContinuousClock.now < time {
      let seen = changes.generation
      guard end == nil else { return }
      await changes.wait(since: seen, atMost: time - ContinuousClock.now)
    }
  }

  /// False when the collector may take the same spans later.
  private func export(_ batch: [CallSpan]) async -> Bool {
    let request = Request(batch, service: service, version: ServiceRunner.version)
    let timeLeft = end.map { $0 - ContinuousClock.now } ?? settings.timeout
    do {
      let options = CallOptions(timeout: min(settings.timeout, max(.zero, timeLeft)))
      let response = try await Client(channel).export(request, options: options)
      let rejected = max(0, min(Int(clamping: response.partialSuccess?.rejectedSpans ?? 0), batch.count))
      exported.increment(by: batch.count - rejected)
      if rejected > 0 { reject(rejected, response.partialSuccess?.errorMessage ?? "") }
      return true
    } catch {
      let code = (error as? RPCError)?.code ?? .unknown
      guard Self.mayPass(code) else {
        reject(batch.count, ErrorText.of(error))
        return true
      }
      logger.warning("the collector does not take spans", metadata: ["error": "\(ErrorText.of(error))"])
      return false
    }
  }

  private func reject(_ count: Int, _ reason: String) {
    dropped.rejected.increment(by: count)
    logger.warning("the collector rejects spans", metadata: ["spans": "\(count)", "reason": "\(reason)"])
  }

  /// Whether the collector may take the same spans later (OTLP specification, "Failures" of OTLP/gRPC).
  private static func mayPass(_ code: StatusCode) -> Bool {
    [.cancelled, .deadlineExceeded, .aborted, .outOfRange, .unavailable, .dataLoss, .resourceExhausted].contains(code)
  }
}
