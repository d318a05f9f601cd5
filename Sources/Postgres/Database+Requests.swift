import Glibc

extension Database {
  /// Runs a request to its answer.
  ///
  /// - Parameter isCancellable: Whether cancelling the task gives it up.
  func run(_ request: Request, isCancellable: Bool = true) async throws(PostgresError) -> Reply {
    guard isCancellable else { return try await wait(for: request).get() }
    if Task.isCancelled { throw PostgresError(.cancelled, "the calling task was cancelled") }
    let result = await withTaskCancellationHandler {
      await wait(for: request)
    } onCancel: {
      driver.inbox.post(.cancel(request))
    }
    return try result.get()
  }

  private func wait(for request: Request) async -> Result<Reply, PostgresError> {
    await withUnsafeContinuation { continuation in
      request.continuation = continuation
      if !driver.inbox.post(.submit(request)) {
        request.continuation = nil
        continuation.resume(returning: .failure(PostgresError(.shutDown, "the database object has shut down")))
      }
    }
  }

  /// Sends a request whose answer nobody waits for.
  func send(_ request: Request) {
    driver.inbox.post(.submit(request))
  }

  /// The moment a call must be answered by.
  func deadline(_ deadline: ContinuousClock.Instant?, from now: Moment) -> Moment {
    guard let deadline else { return now + queryNanoseconds }
    return now + (deadline - ContinuousClock.now).wholeNanoseconds
  }

  /// A request outside any lease.
  func request(_ work: Request.Work, deadline instant: ContinuousClock.Instant?) -> Request {
    let now = Moment.now
    return Request(work, submitted: now, deadline: deadline(instant, from: now))
  }
}

extension SQL {
  /// Refuses what cannot be sent at all.
  func check() throws(PostgresError) {
    if let refusal = parameters.refusal { throw .invalidUse(refusal) }
    // libpq takes the text as a C string and would silently leave out what follows.
    var text = self.text
    let hasNull = text.withUTF8 { bytes in bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false }
    if hasNull { throw .invalidUse("a statement's text holds a NUL byte") }
  }
}
