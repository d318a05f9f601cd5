/// An interceptor that only looks at how calls begin and end, and neither waits nor changes their outcome: measuring,
/// tracing, logging, filling in the context.
///
/// It costs a call much less than a full ``ServerInterceptor``, most of all at the beginning of the chain.
public protocol ServerCallObserver: ServerInterceptor {
  /// A call begins; what is added to its context is seen by those after this one and by the handler.
  func began(_ context: ServerContext)

  /// The call has ended.
  ///
  /// - Parameter error: the status it ended with; nil when it succeeded.
  func ended(_ context: ServerContext, _ error: RPCError?)
}

extension ServerCallObserver {
  /// Does nothing at the end.
  public func ended(_ context: ServerContext, _ error: RPCError?) {}

  /// Observes the call around `next`.
  public func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    began(context)
    do {
      try await next()
    } catch {
      let error = RPCError(thrownByHandler: error)
      ended(context, error)
      throw error
    }
    ended(context, nil)
  }
}

extension RPCError {
  /// The status for whatever a handler or an interceptor throws: only an `RPCError` tells the caller anything.
  init(thrownByHandler error: any Error) {
    if let error = error as? RPCError {
      self = error
    } else if error is CancellationError {
      self.init(.cancelled, .cancelled, "the call was cancelled", cause: error)
    } else {
      self.init(.unknown, .handlerFailed, "", cause: error)
    }
  }
}
