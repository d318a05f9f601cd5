import Synchronization

/// What other threads ask of a lane. Any number of requests costs one wake-up of the event loop.
final class LaneInbox: Sendable {
  enum Command: Sendable {
    case start(ClientCall)
    case cancel(ClientCall)
    /// The caller took this many bytes of received messages.
    case grantCredit(ClientCall, bytes: Int)
    /// The caller queued request messages, or the end of them.
    case sendRequests(ClientCall)
  }

  private let commands = Mutex<[Command]>([])

  /// True when the inbox was empty: the poster must wake the loop.
  func post(_ command: Command) -> Bool {
    commands.withLock { commands in
      commands.append(command)
      return commands.count == 1
    }
  }

  /// Takes everything posted so far, giving `batch`'s storage to the posts that follow.
  func take(into batch: inout [Command]) {
    batch.removeAll(keepingCapacity: true)
    commands.withLock { swap(&$0, &batch) }
  }
}
