import NIOCore

/// Continues traces: each call becomes a child of the span that the current task serves (``ServerContext/current``), or
/// the root of a new trace, and is sent as `traceparent` (W3C Trace Context). Sampled calls are recorded when they end.
public final class TracingClientInterceptor: ClientInterceptor {
  private let startsTraces: Bool
  private let sampleRatio: Double
  private let recorder: (any CallSpanRecorder)?
  private let random: SpanRandom

  /// - Parameters:
  ///   - startsTraces: Whether calls outside a served call start traces.
  ///   - sampleRatio: The fraction of those that is sampled, from 0 to 1.
  ///   - recorder: Receives the spans of sampled calls. Nil records none.
  public convenience init(
    startsTraces: Bool = true,
    sampleRatio: Double = 0,
    recorder: (any CallSpanRecorder)? = nil
  ) {
    var system = SystemRandomNumberGenerator()
    let random = SpanRandom(seed: system.next())
    self.init(startsTraces: startsTraces, sampleRatio: sampleRatio, recorder: recorder, random: random)
  }

  init(startsTraces: Bool, sampleRatio: Double = 0, recorder: (any CallSpanRecorder)? = nil, random: SpanRandom) {
    self.startsTraces = startsTraces
    self.sampleRatio = sampleRatio
    self.recorder = recorder
    self.random = random
  }

  /// Assigns the call a span.
  public func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result {
    var call = call
    var generator = random.generator
    if let parent = call.trace ?? ServerContext.current?.trace {
      call.trace = parent.child(using: &generator)
    } else if startsTraces {
      call.trace = .start(sampleRatio: sampleRatio, using: &generator)
    }
    if let recorder, let trace = call.trace, trace.isSampled {
      call.observers.append(SpanCallObserver(trace: trace, method: call.method, recorder: recorder))
    }
    return try await next(call)
  }
}

/// Reports one sampled call to a recorder when it ends, however many attempts it took.
struct SpanCallObserver: CallObserver {
  let trace: TraceContext
  let method: MethodDescriptor
  let recorder: any CallSpanRecorder

  func ended(_ summary: CallSummary) {
    let span = CallSpan(
      ending: trace,
      side: .client,
      method: method,
      lasting: TimeAmount(summary.duration).nanoseconds,
      status: summary.status
    )
    recorder.record(span)
  }
}
