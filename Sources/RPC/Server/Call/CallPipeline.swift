/// The interceptors of a server.
///
/// The stream calls leading observers directly. From the first full interceptor on, the chain is nested asynchronous
/// calls.
final class CallPipeline: Sendable {
  private let beginObservers: [any CallBeginObserver]
  /// The translators, innermost first, as they are called.
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

  /// Whether ``run(_:handler:)`` has interceptors to run.
  var hasInterceptors: Bool { !interceptors.isEmpty }

  /// Notifies the observers of a new call, before its task starts.
  func began(_ context: ServerContext) {
    for observer in beginObservers { observer.began(context) }
  }

  /// Returns the error of a call whose handler failed.
  func translated(_ error: RPCError, _ context: ServerContext) -> RPCError {
    translators.reduce(error) { $1.translated($0, context) }
  }

  /// Notifies the observers that a call and its task have ended.
  func ended(_ context: ServerContext, _ error: RPCError?) {
    for observer in endObservers { observer.ended(context, error) }
  }

  /// Runs a call through the interceptors after the leading observers, and finally `handler`.
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
