/// Wraps every call of a channel: the first interceptor of the list is the outermost.
///
/// It may change what is sent, refuse the call by throwing, or run code around it. For a unary call `next` returns when
/// the response is there. A streaming call outlives `next`, which returns when the call was started; add a
/// ``CallObserver`` to ``OutgoingCall/observers`` to learn how any call ends.
public protocol ClientInterceptor: Sendable {
  func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result
}

/// Runs a call through the interceptors from `index` on.
struct InterceptorChain<Result: Sendable> {
  let interceptors: [any ClientInterceptor]
  let start: (OutgoingCall) async throws -> Result

  func run(_ call: OutgoingCall, from index: Int = 0) async throws -> Result {
    guard index < interceptors.count else { return try await start(call) }
    return try await interceptors[index].intercept(call) { call in try await run(call, from: index + 1) }
  }
}
