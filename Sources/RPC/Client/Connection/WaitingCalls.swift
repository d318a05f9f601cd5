import DequeModule

/// The calls that wait for a connection, first come first served.
///
/// A call that ends while it waits is only counted; its place is freed when it comes to the front, or when the ended ones
/// are the majority.
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

  /// A call ended, perhaps one in the queue.
  mutating func noteEnded(_ call: ClientCall) {
    guard call.isQueued else { return }
    call.isQueued = false
    ended += 1
    if ended > 64, ended * 2 > queue.count {
      queue.removeAll { !$0.isQueued }
      ended = 0
    }
  }

  /// Takes every call for which `condition` holds.
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
