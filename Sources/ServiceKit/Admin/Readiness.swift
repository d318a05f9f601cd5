import Synchronization

/// What a service still waits for before it can take calls. Ready when nothing is missing, also if it is in trouble with
/// what it does beside its calls.
public final class Readiness: Sendable {
  private struct State {
    var missing: [String: String] = [:]
    var observers: [@Sendable (Bool) -> Void] = []
    var watches: [@Sendable () -> [String]] = []
  }

  private let state: Mutex<State>

  /// Begins with everything missing that is named here, each with a sentence for people.
  public init(missing: [String: String] = [:]) {
    state = Mutex(State(missing: missing))
  }

  /// Whether calls can be taken.
  public var isReady: Bool { state.withLock { $0.missing.isEmpty } }

  /// What is missing, in sentences.
  public var missing: [String] { state.withLock { $0.missing.sorted { $0.key < $1.key }.map(\.value) } }

  /// What is wrong although calls can be taken, in sentences: part of what the service does beside its calls is not done.
  public var troubles: [String] {
    let watches = state.withLock { $0.watches }
    return watches.flatMap { $0() }
  }

  /// Adds something that says what is wrong, whenever it is asked.
  public func watch(_ troubles: @escaping @Sendable () -> [String]) {
    state.withLock { $0.watches.append(troubles) }
  }

  /// Something is there now.
  public func found(_ condition: String) {
    change { $0.missing[condition] = nil }
  }

  /// Something is missing; `sentence` says what.
  public func lost(_ condition: String, _ sentence: String) {
    change { $0.missing[condition] = sentence }
  }

  /// Tells an observer now and whenever readiness changes. The observer must not change readiness itself.
  public func observe(_ observer: @escaping @Sendable (Bool) -> Void) {
    state.withLock { state in
      state.observers.append(observer)
      observer(state.missing.isEmpty)
    }
  }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      let wasReady = state.missing.isEmpty
      body(&state)
      let isReady = state.missing.isEmpty
      guard isReady != wasReady else { return }
      for observer in state.observers { observer(isReady) }
    }
  }
}
