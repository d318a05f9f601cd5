import NIOCore

/// Hands each sampled call that was served to a recorder. Put it after ``TracingServerInterceptor``, which decides what
/// is sampled, and before interceptors that wait.
public final class SpanServerInterceptor: CallEndObserver {
  private let recorder: any CallSpanRecorder

  /// - Parameter recorder: Where spans go.
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
