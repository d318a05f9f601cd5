import NIOCore
import Synchronization

/// Continues the caller's trace, or starts one, and sets the call's span in ``ServerContext/trace`` (W3C Trace Context)
/// for outgoing calls and logs. A continued trace is sampled if its caller says so.
public final class TracingServerInterceptor: CallBeginObserver {
  private let sampleRatio: Double
  private let random: SpanRandom

  /// Makes the interceptor with a generator of span IDs that the system seeds.
  ///
  /// - Parameter sampleRatio: The fraction of new traces that are sampled, from 0 to 1.
  public convenience init(sampleRatio: Double = 0) {
    var system = SystemRandomNumberGenerator()
    self.init(sampleRatio: sampleRatio, random: SpanRandom(seed: system.next()))
  }

  init(sampleRatio: Double = 0, random: SpanRandom) {
    self.sampleRatio = sampleRatio
    self.random = random
  }

  /// Assigns the call a span.
  public func began(_ context: ServerContext) {
    var generator = random.generator
    if let parent = Self.parent(of: context.requestMetadata) {
      context.trace = parent.child(using: &generator)
    } else {
      // The health of every instance is watched by every caller all the time, which nobody wants to trace.
      let isHealthWatch = context.method.path == Self.healthWatch
      context.trace = .start(sampleRatio: isHealthWatch ? 0 : sampleRatio, using: &generator)
    }
  }

  private static let healthWatch = "/grpc.health.v1.Health/Watch"

  /// Parses the parent. A `traceparent` that occurs twice or is malformed is ignored (section 3.2.1). `tracestate`
  /// fields are joined in order (section 3.3.1).
  private static func parent(of metadata: Metadata) -> TraceContext? {
    var parent: String?
    var states: [String] = []
    for field in metadata {
      guard case .string(let value) = field.value else { continue }
      if field.key == "traceparent" {
        if parent != nil { return nil }
        parent = value
      } else if field.key == "tracestate" {
        states.append(value)
      }
    }
    guard let parent else { return nil }
    return TraceContext(traceparent: parent, state: states.joined(separator: ","))
  }
}

/// Records the span of each sampled call. Add it after ``TracingServerInterceptor``, which decides what is sampled, and
/// before interceptors that wait.
public final class SpanServerInterceptor: CallEndObserver {
  private let recorder: any CallSpanRecorder

  /// - Parameter recorder: Receives the spans.
  public init(recorder: any CallSpanRecorder) { self.recorder = recorder }

  /// Records the call, if it is sampled.
  public func ended(_ context: ServerContext, _ error: RPCError?) {
    guard let trace = context.trace, trace.isSampled else { return }
    let span = CallSpan(
      ending: trace,
      side: .server,
      method: context.methodNumber == 0 ? nil : context.method,
      lasting: (NIODeadline.now() - context.startedAt).nanoseconds,
      status: error?.code ?? .ok
    )
    recorder.record(span)
  }
}

/// Random numbers for span IDs: fast, shared by all threads without a lock, not for secrets. SplitMix64 over a counter,
/// so no two numbers of one generator are equal.
final class SpanRandom: Sendable {
  private let state: Atomic<UInt64>

  init(seed: UInt64) { state = Atomic(seed) }

  func next() -> UInt64 {
    var value = state.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// An adapter for the standard library's algorithms.
  struct Generator: RandomNumberGenerator {
    let source: SpanRandom

    mutating func next() -> UInt64 { source.next() }
  }

  var generator: Generator { Generator(source: self) }
}
