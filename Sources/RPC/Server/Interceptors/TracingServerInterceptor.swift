/// Continues the caller's trace, or starts one, and puts this call's step into ``ServerContext/trace``
/// (W3C Trace Context). Outgoing calls and logs take it from there.
public final class TracingServerInterceptor: CallBeginObserver {
  private let random: SpanRandom

  /// Makes the interceptor; span names are drawn from a generator seeded by the system.
  public convenience init() {
    var system = SystemRandomNumberGenerator()
    self.init(random: SpanRandom(seed: system.next()))
  }

  init(random: SpanRandom) { self.random = random }

  /// Names one call's step.
  public func began(_ context: ServerContext) {
    var generator = random.generator
    if let parent = Self.parent(of: context.requestMetadata) {
      context.trace = parent.child(using: &generator)
    } else {
      context.trace = .start(using: &generator)
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
