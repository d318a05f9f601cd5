import NIOCore
import Synchronization

/// The connections of a server, for draining and waiting: the open ones, and those whose handlers still run.
/// Thread-safe.
final class ConnectionRegistry: Sendable {
  private enum Ending: Sendable { case none, draining, closing }

  private struct State {
    var connections: [Int: NIOLoopBound<ServerConnection>] = [:]
    var nextNumber = 0
    var ending = Ending.none
    /// Whether waiting has been abandoned.
    var hasGivenUp = false
    var waiters: [CheckedContinuation<Bool, Never>] = []
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.connections.count } }

  /// Adds a connection, on its event loop.
  ///
  /// - Returns: The number for ``remove(_:)``.
  func add(_ connection: ServerConnection, on eventLoop: any EventLoop) -> Int {
    let bound = NIOLoopBound(connection, eventLoop: eventLoop)
    let (number, ending) = state.withLock { state in
      state.nextNumber += 1
      state.connections[state.nextNumber] = bound
      return (state.nextNumber, state.ending)
    }
    Self.end(bound, ending)
    return number
  }

  func remove(_ number: Int) {
    let waiters = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
      state.connections[number] = nil
      guard state.connections.isEmpty else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: true) }
  }

  /// Drains every present and future connection: lets its calls finish, then ends it.
  func drain() { endAll(.draining) }

  /// Ends every present and future connection at once.
  func close() { endAll(.closing) }

  /// Waits until there is no connection left, or until ``giveUp()`` was called.
  ///
  /// - Returns: Whether there is none left.
  func waitUntilEmpty() async -> Bool {
    await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.connections.isEmpty { return true }
        if state.hasGivenUp { return false }
        state.waiters.append(continuation)
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// Ends all present and future waiting.
  func giveUp() {
    let waiters = state.withLock { state in
      state.hasGivenUp = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: false) }
  }

  private func endAll(_ ending: Ending) {
    let connections = state.withLock { state in
      state.ending = ending
      return Array(state.connections.values)
    }
    for connection in connections { Self.end(connection, ending) }
  }

  private static func end(_ connection: NIOLoopBound<ServerConnection>, _ ending: Ending) {
    guard ending != .none else { return }
    connection.eventLoop.execute {
      if ending == .draining { connection.value.beginDrain() } else { connection.value.closeNow() }
    }
  }
}
