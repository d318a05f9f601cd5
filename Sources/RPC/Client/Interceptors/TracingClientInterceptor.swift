/// Carries traces on: each call becomes a child of the step that the current task serves (``ServerContext/current``), or
/// the start of a new trace, and is sent as `traceparent` (W3C Trace Context).
public final class TracingClientInterceptor: ClientInterceptor {
  private let startsTraces: Bool
  private let random: SpanRandom

  /// - Parameter startsTraces: Give calls made outside a served call a trace of their own.
  public convenience init(startsTraces: Bool = true) {
    var system = SystemRandomNumberGenerator()
    self.init(startsTraces: startsTraces, random: SpanRandom(seed: system.next()))
  }

  init(startsTraces: Bool, random: SpanRandom) {
    self.startsTraces = startsTraces
    self.random = random
  }

  /// Gives the call its place in a trace.
  public func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result {
    var call = call
    var generator = random.generator
    if let parent = call.trace ?? ServerContext.current?.trace {
      call.trace = parent.child(using: &generator)
    } else if startsTraces {
      call.trace = .start(using: &generator)
    }
    return try await next(call)
  }
}
