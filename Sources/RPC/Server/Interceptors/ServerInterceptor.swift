/// Code around every call: measuring, tracing, logging, authenticating, limiting.
///
/// The first interceptor of a server is the outermost. Throwing before calling `next` refuses the call. An interceptor
/// that only observes should be a ``CallBeginObserver`` or ``CallEndObserver``.
public protocol ServerInterceptor: Sendable {
  /// Runs around one call.
  ///
  /// - Parameters:
  ///   - context: The call. Later interceptors and the handler see additions to it.
  ///   - next: The rest of the chain and the handler. Call it at most once. It throws only ``RPCError``: the call's
  ///     status, including deadline and cancellation, with details filled in.
  /// - Throws: The status of the call. Errors other than ``RPCError`` become `UNKNOWN`.
  func intercept(_ context: ServerContext, next: () async throws -> Void) async throws
}

/// An interceptor that observes the start of calls without waiting: measuring, tracing, adding to the context.
///
/// Cheaper than a full ``ServerInterceptor`` if it precedes all of those, like the other observers.
public protocol CallBeginObserver: ServerInterceptor {
  /// Observes the start of a call. Later interceptors and the handler see additions to its context.
  func began(_ context: ServerContext)
}

/// An interceptor that observes the end of calls without waiting: measuring, logging.
public protocol CallEndObserver: ServerInterceptor {
  /// Observes the end of a call.
  ///
  /// - Parameter error: The call's error, nil when it succeeded.
  func ended(_ context: ServerContext, _ error: RPCError?)
}

/// An interceptor that translates the errors of handlers without waiting.
public protocol CallErrorTranslator: ServerInterceptor {
  /// Translates the error of a handler. The innermost translator is called first.
  ///
  /// - Parameter error: The call's error so far. Its cause is the handler's error.
  /// - Returns: The call's error.
  func translated(_ error: RPCError, _ context: ServerContext) -> RPCError
}

extension ServerInterceptor {
  /// Whether the interceptor only observes, and needs no place in the asynchronous chain.
  var isObserver: Bool {
    self is any CallBeginObserver || self is any CallEndObserver || self is any CallErrorTranslator
  }
}

extension ServerInterceptor where Self: CallBeginObserver {
  /// Observes the call that `next` runs.
  public func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    began(context)
    try await next()
  }
}

extension ServerInterceptor where Self: CallEndObserver {
  /// Observes the call that `next` runs.
  public func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    try await observe(context, next)
  }

  fileprivate func observe(_ context: ServerContext, _ next: () async throws -> Void) async throws {
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

extension ServerInterceptor where Self: CallBeginObserver & CallEndObserver {
  /// Observes the call that `next` runs.
  public func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    began(context)
    try await observe(context, next)
  }
}

extension ServerInterceptor where Self: CallErrorTranslator {
  /// Translates the error of the call that `next` runs.
  public func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    do {
      try await next()
    } catch {
      throw translated(RPCError(thrownByHandler: error), context)
    }
  }
}

extension RPCError {
  /// Makes the status of any thrown error. Only an `RPCError` reveals anything to the caller.
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
