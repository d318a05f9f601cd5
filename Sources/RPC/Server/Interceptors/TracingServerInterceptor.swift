/// Continues the caller's trace, or starts one, and puts this call's step into ``ServerContext/trace``
/// (W3C Trace Context). Outgoing calls and logs take it from there. A trace that goes on is sampled if its caller says so.
public final class TracingServerInterceptor: CallBeginObserver {
  private let sampleRatio: Double
  private let random: SpanRandom

  /// Makes the interceptor; span names are drawn from a generator seeded by the system.
  ///
  /// - Parameter sampleRatio: The share of new traces that are sampled, from 0 to 1.
  public convenience init(sampleRatio: Double = 0) {
    var system = SystemRandomNumberGenerator()
    self.init(sampleRatio: sampleRatio, random: SpanRandom(seed: system.next()))
  }

  init(sampleRatio: Double = 0, random: SpanRandom) {
    self.sampleRatio = sampleRatio
    self.random = random
  }

  /// Names one call's step.
  public func began(_ context: ServerContext) {
    var generator = random.generator
    if let parent = Self.parent(of: context.requestMetadata) {
      context.trace = parent.child(using: &generator)
    } else {
      context.trace = .start(sampleRatio: sampleRatio, using: &generator)
    }
  }

  /// A `traceparent` that occurs twice or is malformed counts as none (section 3.2.1); `tracestate` fields are joined
  /// in order (section 3.3.1).
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
