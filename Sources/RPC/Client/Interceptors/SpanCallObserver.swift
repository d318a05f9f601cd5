import NIOCore

/// Hands one sampled call to a recorder when it ends, however many attempts it took.
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
