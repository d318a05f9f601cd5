import DequeModule

/// The calls that wait for a connection, in order of arrival.
///
/// A call that ends while it waits is only counted. Its entry is removed when it reaches the front, or when the ended
/// ones are the majority.
struct WaitingCalls {
  private var queue = Deque<ClientCall>()
  private var ended = 0

  var count: Int { queue.count - ended }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ call: ClientCall) {
    call.isQueued = true
    queue.append(call)
  }

  mutating func popFirst() -> ClientCall? {
    while let call = queue.popFirst() {
      if call.isQueued {
        call.isQueued = false
        return call
      }
      ended -= 1
    }
    return nil
  }

  /// Records the end of a call, which may be in the queue.
  mutating func recordEnd(_ call: ClientCall) {
    guard call.isQueued else { return }
    call.isQueued = false
    ended += 1
    if ended > 64, ended * 2 > queue.count {
      queue.removeAll { !$0.isQueued }
      ended = 0
    }
  }

  /// Removes and returns every call for which `condition` holds.
  mutating func removeAll(where condition: (ClientCall) -> Bool) -> [ClientCall] {
    var removed: [ClientCall] = []
    var kept = Deque<ClientCall>()
    for call in queue where call.isQueued {
      if condition(call) {
        call.isQueued = false
        removed.append(call)
      } else {
        kept.append(call)
      }
    }
    queue = kept
    ended = 0
    return removed
  }
}
