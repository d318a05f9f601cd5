public import RPC

/// What a process records of the traces that its calls belong to.
public struct Tracing: Sendable {
  /// The share of new traces that are sampled, from 0 to 1.
  public let sampleRatio: Double
  /// Where the spans of sampled calls go; nil records none.
  public let recorder: (any CallSpanRecorder)?

  /// Traces are passed on, and nothing is recorded.
  public static let off = Tracing(sampleRatio: 0, recorder: nil)

  /// Makes it.
  public init(sampleRatio: Double, recorder: (any CallSpanRecorder)?) {
    self.sampleRatio = sampleRatio
    self.recorder = recorder
  }

  /// For calls being made.
  var clientInterceptor: TracingClientInterceptor {
    TracingClientInterceptor(sampleRatio: sampleRatio, recorder: recorder)
  }

  /// For calls being served.
  var serverInterceptors: [any ServerInterceptor] {
    let tracing = TracingServerInterceptor(sampleRatio: sampleRatio)
    return if let recorder { [tracing, SpanServerInterceptor(recorder: recorder)] } else { [tracing] }
  }
}
