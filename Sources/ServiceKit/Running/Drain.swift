import Dispatch
import Foundation
public import RPC
import Synchronization

/// Whether the service is about to stop, for calls that would go on for ever: they end themselves, so that their
/// callers turn to another instance.
public final class Drain: Sendable {
  private struct State {
    var hasBegun = false
    var lastObserver: UInt64 = 0
    var observers: [UInt64: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  /// Not draining.
  public init() {}

  /// Whether the service has been asked to stop.
  public var hasBegun: Bool { state.withLock { $0.hasBegun } }

  func begin() {
    let observers = state.withLock { state in
      state.hasBegun = true
      defer { state.observers.removeAll() }
      return state.observers
    }
    for observer in observers.values { observer() }
  }

  /// Calls `observer` once when draining begins; at once when it has. Returns a number to take it back with.
  public func onBegin(_ observer: @escaping @Sendable () -> Void) -> UInt64 {
    let (id, hasBegun) = state.withLock { state in
      state.lastObserver += 1
      if !state.hasBegun { state.observers[state.lastObserver] = observer }
      return (state.lastObserver, state.hasBegun)
    }
    if hasBegun { observer() }
    return id
  }

  /// Takes an observer back.
  public func remove(_ id: UInt64) {
    state.withLock { _ = $0.observers.removeValue(forKey: id) }
  }

  /// What a call ends with that would otherwise go on for ever.
  public static var ended: RPCError {
    let info = ErrorInfo(reason: RuntimeReason.shuttingDown.rawValue, domain: RuntimeReason.domain)
    return RPCError(code: .unavailable, message: "the service is shutting down", details: [.errorInfo(info)])
  }
}

private enum DrainKey: ServerContextKey {
  typealias Value = Drain
}

extension ServerContext {
  /// Whether the service is about to stop; nil outside a running service.
  public var drain: Drain? { self[DrainKey.self] }
}

/// Lets calls that stream know when the service is about to stop.
struct DrainInterceptor: CallBeginObserver {
  let drain: Drain

  func began(_ context: ServerContext) {
    if context.method.kind != .unary { context[DrainKey.self] = drain }
  }
}

/// After the first signal a service drains; a second one ends it at once.
enum SecondSignal {
  /// Only kept, so that it goes on listening.
  private struct Kept: @unchecked Sendable {
    let source: any DispatchSourceSignal
  }

  private static let sources = Mutex<[Kept]>([])

  /// From now on SIGTERM and SIGINT end the process, with the exit code that shells expect: 128 + the signal.
  static func endAtOnce() {
    for number in [SIGTERM, SIGINT] {
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { _exit(128 + number) }
      source.resume()
      let kept = Kept(source: source)
      sources.withLock { $0.append(kept) }
    }
  }
}
