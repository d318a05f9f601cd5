import RPC
import Synchronization

/// What happened to one call beside its messages.
final class CallRecord: CallObserver {
  private struct State {
    var headers = Metadata()
    var trailers = Metadata()
    var receivedMessageBytes = 0
  }

  private let state = Mutex(State())
  private let starts = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

  var headers: Metadata { state.withLock { $0.headers } }
  var trailers: Metadata { state.withLock { $0.trailers } }
  /// The size of all messages as they came, compressed if they were.
  var receivedMessageBytes: Int { state.withLock { $0.receivedMessageBytes } }

  /// Waits until the call has a stream, or has ended without one.
  func started() async {
    for await _ in starts.stream { return }
  }

  func startedAttempt() { starts.continuation.yield() }

  func receivedHeaders(_ metadata: Metadata) { state.withLock { $0.headers = metadata } }

  func endedAttempt(_ summary: AttemptSummary) {
    state.withLock { $0.receivedMessageBytes += summary.receivedMessageBytes }
  }

  func ended(_ summary: CallSummary) {
    state.withLock { $0.trailers = summary.trailers }
    starts.continuation.finish()
  }
}
