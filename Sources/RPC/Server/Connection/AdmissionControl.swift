import Synchronization

/// Counts the calls and connections of the whole server over all its event loops, and enforces the limits.
final class AdmissionControl: Sendable {
  private let connections = Atomic(0)
  private let calls = Atomic(0)
  private let connectionsMaximum: Int

  init(connectionsMaximum: Int) { self.connectionsMaximum = connectionsMaximum }

  var callsInFlight: Int { calls.load(ordering: .relaxed) }
  var openConnections: Int { connections.load(ordering: .relaxed) }

  /// - Returns: False when there are too many. Otherwise ``connectionClosed()`` must follow.
  func admitConnection() -> Bool { Self.admit(connections, upTo: connectionsMaximum) }

  func connectionClosed() { connections.wrappingSubtract(1, ordering: .relaxed) }

  /// - Parameter maximum: The number of calls in flight, this one among them, from which on calls like it are refused.
  /// - Returns: False when there are too many. Otherwise ``callEnded()`` must follow.
  func admitCall(upTo maximum: Int) -> Bool { Self.admit(calls, upTo: maximum) }

  func callEnded() { calls.wrappingSubtract(1, ordering: .relaxed) }

  private static func admit(_ counter: borrowing Atomic<Int>, upTo maximum: Int) -> Bool {
    if counter.wrappingAdd(1, ordering: .relaxed).newValue <= maximum { return true }
    counter.wrappingSubtract(1, ordering: .relaxed)
    return false
  }
}
