/// Code that runs around every call: measuring, tracing, logging, authenticating, limiting.
///
/// The first interceptor of a server is the outermost. Throwing before calling `next` refuses the call. One that only
/// looks on should be a ``CallBeginObserver`` or ``CallEndObserver``.
public protocol ServerInterceptor: Sendable {
  /// Runs around one call.
  ///
  /// - Parameters:
  ///   - context: The call. What interceptors add to it is seen by those after them and by the handler.
  ///   - next: The rest of the chain and the handler; call it at most once. It throws only ``RPCError``: the status
  ///     the call ends with (deadline and cancellation included), details filled in.
  /// - Throws: The status to end the call with; anything but an ``RPCError`` becomes `UNKNOWN`.
  func intercept(_ context: ServerContext, next: () async throws -> Void) async throws
}
