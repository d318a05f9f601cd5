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

/// An interceptor that looks at calls as they begin, and does not wait: measuring, tracing, filling in the context.
///
/// This and its siblings cost a call much less than a full ``ServerInterceptor``, if they come before all of those.
public protocol CallBeginObserver: ServerInterceptor {
  /// A call begins; what is added to its context is seen by those after this one and by the handler.
  func began(_ context: ServerContext)
}

/// An interceptor that looks at calls that have ended, and does not wait: measuring, logging.
public protocol CallEndObserver: ServerInterceptor {
  /// The call has ended.
  ///
  /// - Parameter error: the status it ended with; nil when it succeeded.
  func ended(_ context: ServerContext, _ error: RPCError?)
}

/// An interceptor that words the errors of handlers, and does not wait.
public protocol CallErrorTranslator: ServerInterceptor {
  /// The handler has failed. The innermost translator is asked first.
  ///
  /// - Parameter error: what the call would end with; its cause is what the handler threw.
  /// - Returns: what it ends with instead.
  func translated(_ error: RPCError, _ context: ServerContext) -> RPCError
}

extension ServerInterceptor {
  /// Whether the interceptor only observes, and needs no place in the chain of those that wait.
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
  /// Words the error of the call that `next` runs.
  public func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
    do {
      try await next()
    } catch {
      throw translated(RPCError(thrownByHandler: error), context)
    }
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
