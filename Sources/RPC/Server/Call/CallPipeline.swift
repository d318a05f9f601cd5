/// The interceptors of a server around its handlers.
///
/// Observers at the beginning of the chain are called directly by the stream; only from the first full interceptor on
/// is the chain a nest of asynchronous calls.
final class CallPipeline: Sendable {
  private let beginObservers: [any CallBeginObserver]
  /// The innermost first, as they are called.
  private let translators: [any CallErrorTranslator]
  private let endObservers: [any CallEndObserver]
  private let interceptors: [any ServerInterceptor]
  let isEmpty: Bool

  init(interceptors: [any ServerInterceptor]) {
    let observers = interceptors.prefix(while: \.isObserver)
    beginObservers = observers.compactMap { $0 as? any CallBeginObserver }
    translators = observers.reversed().compactMap { $0 as? any CallErrorTranslator }
    endObservers = observers.reversed().compactMap { $0 as? any CallEndObserver }
    self.interceptors = Array(interceptors.dropFirst(observers.count))
    isEmpty = interceptors.isEmpty
  }

  /// Whether ``run(_:handler:)`` has anything to run around the handler.
  var hasInterceptors: Bool { !interceptors.isEmpty }

  /// A call begins, before its task does.
  func began(_ context: ServerContext) {
    for observer in beginObservers { observer.began(context) }
  }

  /// What a call ends with whose handler failed.
  func translated(_ error: RPCError, _ context: ServerContext) -> RPCError {
    translators.reduce(error) { $1.translated($0, context) }
  }

  /// A call has ended, its task with it.
  func ended(_ context: ServerContext, _ error: RPCError?) {
    for observer in endObservers { observer.ended(context, error) }
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
