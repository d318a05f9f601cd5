import Synchronization

/// Commands from other threads to a lane. Any number of them costs one wake-up of the event loop.
final class LaneInbox: Sendable {
  enum Command: Sendable {
    case start(ClientCall)
    case cancel(ClientCall)
    /// The caller read this many bytes of messages.
    case grantCredit(ClientCall, bytes: Int)
    /// The caller queued request messages, or their end.
    case sendRequests(ClientCall)
  }

  private let commands = Mutex<[Command]>([])

  /// Posts a command. Returns whether the inbox was empty: then the poster must wake the loop.
  func post(_ command: Command) -> Bool {
    commands.withLock { commands in
      commands.append(command)
      return commands.count == 1
    }
  }

  /// Swaps the posted commands with the empty `batch`, whose storage is reused.
  func take(into batch: inout [Command]) {
    batch.removeAll(keepingCapacity: true)
    commands.withLock { swap(&$0, &batch) }
  }
}
