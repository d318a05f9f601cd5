/// The interceptors of a server around its handlers.
///
/// Observers at the beginning of the chain are called directly by the stream; only from the first full interceptor on
/// is the chain a nest of asynchronous calls.
struct CallPipeline: Sendable {
  private let observers: [any ServerCallObserver]
  private let interceptors: [any ServerInterceptor]

  init(interceptors: [any ServerInterceptor]) {
    let prefix = interceptors.prefix { $0 is any ServerCallObserver }
    observers = prefix.compactMap { $0 as? any ServerCallObserver }
    self.interceptors = Array(interceptors.dropFirst(prefix.count))
  }

  var isEmpty: Bool { observers.isEmpty && interceptors.isEmpty }

  /// Whether ``run(_:handler:)`` has anything to run around the handler.
  var hasInterceptors: Bool { !interceptors.isEmpty }

  /// A call begins, before its task does.
  func began(_ context: ServerContext) {
    for observer in observers { observer.began(context) }
  }

  /// A call has ended, its task with it.
  func ended(_ context: ServerContext, _ error: RPCError?) {
    for observer in observers.reversed() { observer.ended(context, error) }
  }

  /// Runs a call through the interceptors after the leading observers; `handler` comes last.
  func run(_ context: ServerContext, handler: () async throws(RPCError) -> Void) async throws {
    try await proceed(context, at: 0, handler: handler)
  }

  private func proceed(
    _ context: ServerContext,
    at index: Int,
    handler: () async throws(RPCError) -> Void
  ) async throws {
    guard index < interceptors.count else { return try await handler() }
    try await interceptors[index].intercept(context) {
      try await proceed(context, at: index + 1, handler: handler)
    }
  }
}
