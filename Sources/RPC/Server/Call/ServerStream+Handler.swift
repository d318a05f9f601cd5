import NIOCore

// Runs a call's handler.

extension ServerStream {
  /// Whether the answer is all that the client waits for.
  var mayStartLater: Bool { state.isRequestComplete && !state.isAbandoned }

  /// Runs the handler on this stack until it first waits.
  func start() {
    let pipeline = connection.core.pipeline
    if state.isAbandoned, pipeline.isEmpty { return handlerEnded(with: failure) }
    pipeline.began(context)
    ServerContext.$current.withValue(context) {
      let running = Task.immediate(executorPreference: connection.loop.executor) { [self] in await run() }
      if state.isRunning { task = running }
    }
  }

  private func run() async {
    do {
      if connection.core.pipeline.hasInterceptors {
        try await runThroughInterceptors()
      } else {
        try await servingMethod().handle(self)
      }
      handlerEnded(with: failure)
    } catch {
      handlerFailed(with: error)
    }
  }

  private func runThroughInterceptors() async throws {
    try await connection.core.pipeline.run(context) { () async throws(RPCError) in
      do { try await servingMethod().handle(self) } catch { throw outcome(of: error) }
      if let failure { throw failure }
    }
  }

  /// Returns the called method. Throws when the call has failed before its handler started.
  private func servingMethod() throws(RPCError) -> ServerMethod {
    if let failure { throw failure }
    guard let method else { throw RPCError(.unimplemented, .methodNotFound, "the server has no such method") }
    return method.method
  }

  private static var cutByDrain: RPCError {
    RPCError(.unavailable, .shuttingDown, "the server is shutting down; what was not answered was not taken")
  }

  private func handlerFailed(with error: any Error) {
    let status = outcome(of: error)
    handlerEnded(with: failure == nil ? connection.core.pipeline.translated(status, context) : status)
  }

  /// Returns the caller's error, which the interceptors see too.
  private func outcome(of error: any Error) -> RPCError { failure ?? RPCError(thrownByHandler: error) }

  private func handlerEnded(with error: RPCError?) {
    connection.loop.executor.eventLoop.preconditionInEventLoop()
    let error = error ?? (hasCutRequests ? Self.cutByDrain : nil)
    task = nil
    connection.core.pipeline.ended(context, error)
    dropInbound()
    finish(state.handlerEnded(), with: error)
    if state.isClosed { leave() }
    connection.flushSoon()
  }
}
