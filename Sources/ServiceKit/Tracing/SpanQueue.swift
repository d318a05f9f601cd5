import RPC
import Synchronization

/// The spans that wait to be sent: a bounded queue that many threads fill and one task empties. The lock is held for an
/// append or a swap.
final class SpanQueue: Sendable {
  private struct State {
    var spans: [CallSpan] = []
    /// Taken, and not sent yet.
    var held = 0
  }

  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// How many can be taken.
  var count: Int { state.withLock { $0.spans.count } }

  /// How many can be taken now, this one included; nil when it was dropped, because too many wait.
  func append(_ span: CallSpan) -> Int? {
    state.withLock { state in
      guard state.spans.count + state.held < capacity else { return nil }
      state.spans.append(span)
      return state.spans.count
    }
  }

  /// Takes all, in the order in which they came. They count as waiting until they are released.
  func take() -> [CallSpan] {
    var spans: [CallSpan] = []
    state.withLock { state in
      swap(&spans, &state.spans)
      state.held += spans.count
    }
    return spans
  }

  /// Frees the places of this number of those taken.
  func release(_ count: Int) {
    state.withLock { $0.held -= count }
  }
}
