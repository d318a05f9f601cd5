import NIOCore
import NIOPosix

/// The resources of a started server.
struct Serving: Sendable {
  let core: ServerCore
  let listener: Listener
  /// The threads, when they are not shared with the rest of the process.
  let ownGroup: MultiThreadedEventLoopGroup?
  var channels: [any NIOCore.Channel] = []
  var addresses: [ListenAddress] = []

  init(core: ServerCore, listener: Listener, ownGroup: MultiThreadedEventLoopGroup?) {
    self.core = core
    self.listener = listener
    self.ownGroup = ownGroup
  }
}

/// The life of a ``Server``: new, starting, serving, ending, ended.
struct ServerState: Sendable {
  private enum Phase: Sendable { case new, starting, serving, ending, ended }

  private var phase = Phase.new
  private(set) var serving: Serving?
  private var waiters: [CheckedContinuation<Void, Never>] = []

  var isNew: Bool { phase == .new }

  /// - Returns: False when it was started before.
  mutating func begin() -> Bool {
    guard phase == .new else { return false }
    phase = .starting
    return true
  }

  /// - Returns: Whether the server was shut down while it started, and must be stopped.
  mutating func started(_ serving: Serving) -> Bool {
    guard phase == .starting else { return true }
    phase = .serving
    self.serving = serving
    return false
  }

  /// - Returns: What to shut down, and whether this is the first request to. Nil when the server never served or has
  ///   ended.
  mutating func end() -> (serving: Serving, isFirst: Bool)? {
    guard let serving else {
      phase = .ended
      return nil
    }
    defer { phase = .ending }
    return (serving, phase == .serving)
  }

  /// Records that the server has ended, or never served.
  ///
  /// - Returns: The tasks waiting for the end.
  mutating func ended() -> [CheckedContinuation<Void, Never>] {
    phase = .ended
    serving = nil
    defer { waiters = [] }
    return waiters
  }

  /// - Returns: Whether it has already ended.
  mutating func waitForEnd(_ waiter: CheckedContinuation<Void, Never>) -> Bool {
    if phase == .ended { return true }
    waiters.append(waiter)
    return false
  }
}
