import Synchronization

/// How an operator ends a run early: asked once, no more requests are sent and those under way may be answered; asked
/// twice, everything ends at once.
package final class StopSignal: Sendable {
  /// How often somebody looks whether it was given.
  static let pollInterval: Duration = .milliseconds(100)

  private let requests = Atomic(0)

  package init() {
  }

  /// Asks.
  package func request() {
    requests.add(1, ordering: .relaxed)
  }

  /// Whether the run is to end.
  package var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Whether it is to end at once.
  var isUrgent: Bool { requests.load(ordering: .relaxed) > 1 }

  /// Waits until `condition` holds, looking every now and then.
  ///
  /// - Returns: Whether it holds; if not, the task was cancelled.
  package func wait(until condition: @Sendable (StopSignal) -> Bool) async -> Bool {
    while !condition(self) {
      do { try await Task.sleep(for: Self.pollInterval) } catch { return false }
    }
    return true
  }
}
