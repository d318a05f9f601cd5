import CLibPQ
import Glibc
import Synchronization

/// Queues messages from other threads for the loop. Wakes the loop only when it sleeps, so a busy loop costs its
/// callers a lock and no system call.
final class Inbox: Sendable {
  enum Message: Sendable {
    case submit(Request)
    case cancel(Request)
    case connected(ConnectionID, Result<ConnectionHandle, PostgresError>)
    case cancelRequestEnded(ConnectionID)
    case unlisten(Subscription)
    case start
    case shutDown(by: Moment, UnsafeContinuation<Void, Never>?)
  }

  private struct State {
    var messages: [Message] = []
    var isLoopAsleep = false
    var isClosed = false
  }

  private let state = Mutex(State())
  /// The eventfd.
  let descriptor: Int32

  init() {
    descriptor = patron_eventfd_create()
    precondition(descriptor >= 0, "no eventfd: the process has too many open files")
  }

  deinit {
    Glibc.close(descriptor)
  }

  /// Queues a message. Returns false when the loop has ended.
  @discardableResult
  func post(_ message: Message) -> Bool {
    let (wake, isOpen) = state.withLock { state in
      guard !state.isClosed else { return (false, false) }
      state.messages.append(message)
      defer { state.isLoopAsleep = false }
      return (state.isLoopAsleep, true)
    }
    if wake { eventfd_write(descriptor, 1) }
    return isOpen
  }

  /// Dequeues all messages. When there are none and `sleeping` is true, the next one wakes the loop.
  func take(into messages: inout [Message], sleeping: Bool) {
    messages.removeAll(keepingCapacity: true)
    state.withLock { state in
      swap(&messages, &state.messages)
      state.isLoopAsleep = sleeping && messages.isEmpty
    }
  }

  /// Closes the inbox, and returns the remaining messages.
  func close() -> [Message] {
    state.withLock { state in
      state.isClosed = true
      defer { state.messages = [] }
      return state.messages
    }
  }

  func clearWake() {
    var value: eventfd_t = 0
    eventfd_read(descriptor, &value)
  }
}
