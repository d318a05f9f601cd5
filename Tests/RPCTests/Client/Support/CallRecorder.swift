import RPC
import Synchronization

/// Records the events of a call.
final class CallRecorder: CallObserver {
  private struct State {
    var attempts = 0
    var headers: Metadata?
    var attemptSummaries: [AttemptSummary] = []
    var summary: CallSummary?
  }

  private let state = Mutex(State())

  var attempts: Int { state.withLock { $0.attempts } }
  var headers: Metadata? { state.withLock { $0.headers } }
  var attemptSummaries: [AttemptSummary] { state.withLock { $0.attemptSummaries } }
  var summary: CallSummary? { state.withLock { $0.summary } }

  func startedAttempt() { state.withLock { $0.attempts += 1 } }
  func receivedHeaders(_ metadata: Metadata) { state.withLock { $0.headers = metadata } }
  func endedAttempt(_ summary: AttemptSummary) { state.withLock { $0.attemptSummaries.append(summary) } }
  func ended(_ summary: CallSummary) { state.withLock { $0.summary = summary } }
}
